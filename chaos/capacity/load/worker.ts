/** The thread of the load generator: one job after the other, so that its code is warm and its own work is told apart from the harness's. */
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../clock.ts';
import { runClosedLoop } from './closed-loop.ts';
import type { LoadJob, LoadResult } from './job.ts';
import { LoadRun } from './load-run.ts';
import { runOpenLoop } from './open-loop.ts';

export type WorkerAnswer =
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly reason: string };

parentPort?.on('message', (job: LoadJob) => {
  void work(job).then((answer) => parentPort?.postMessage(answer));
});

async function work(job: LoadJob): Promise<WorkerAnswer> {
  const run = new LoadRun(job, systemClock);
  try {
    if (job.load.kind === 'closed') await runClosedLoop(job, job.load.connections, run, systemClock);
    else await runOpenLoop(job, job.load.ratePerSecond, run, systemClock);
    return { kind: 'done', result: run.result() };
  } catch (error) {
    run.stopSending();
    return {
      kind: 'failed',
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
