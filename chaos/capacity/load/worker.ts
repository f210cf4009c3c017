/** The thread of the load generator: one job after the other, so that its code stays compiled and its own work is measured apart from the harness's. */
import '../../disposable-stacks.ts';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { CapacityRoute } from '../../api/capacity.ts';
import { systemClock } from '../../clock.ts';
import { loadTarget } from '../../target/load-config.ts';
import { runClosedLoop } from './closed-loop.ts';
import type { LoadJob, LoadResult } from './job.ts';
import { LoadRun } from './load-run.ts';
import { runOpenLoop } from './open-loop.ts';

/** Where the routes are: they are functions, and only their names can be sent to a thread. */
export interface GeneratorData {
  readonly configFile: string;
  /** Name of the target. */
  readonly name: string;
}

export type WorkerAnswer =
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly reason: string };

const routes = await routesOf(workerData as GeneratorData | null);

parentPort?.on('message', (job: LoadJob) => {
  void work(job).then((answer) => parentPort?.postMessage(answer));
});

async function routesOf(data: GeneratorData | null): Promise<readonly CapacityRoute[]> {
  if (data === null) return [];
  const { configFile, name } = data;
  const target = await loadTarget({ config: configFile, target: name }, dirname(configFile));
  return target.capacity?.routes ?? [];
}

async function work(job: LoadJob): Promise<WorkerAnswer> {
  const run = new LoadRun(job, systemClock);
  try {
    if (job.load.kind === 'closed') await runClosedLoop(job, routes, job.load.connections, run, systemClock);
    else await runOpenLoop(job, routes, job.load.ratePerSecond, run, systemClock);
    return { kind: 'done', result: run.result() };
  } catch (error) {
    run.stopSending();
    return {
      kind: 'failed',
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
