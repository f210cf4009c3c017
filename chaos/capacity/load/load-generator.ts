/** The harness's side of the load generator: gives it jobs, and ends its thread. */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import { HarnessError } from '../../errors.ts';
import type { LoadJob, LoadResult } from './job.ts';
import type { WorkerAnswer } from './worker.ts';

/** Beyond a job's own time. */
const overtimeMs = 15_000;
const remedy = 'run the command again; with --seed it makes the same load';

export interface LoadGenerator extends AsyncDisposable {
  /** One at a time. Rejects with the signal's reason, which ends the generator. */
  run(job: LoadJob, signal: AbortSignal): Promise<LoadResult>;
}

export function startLoadGenerator(clock: Clock): LoadGenerator {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  worker.unref();
  let pending: PromiseWithResolvers<LoadResult> | null = null;
  worker.on('message', (answer: WorkerAnswer) => {
    if (answer.kind === 'done') pending?.resolve(answer.result);
    else pending?.reject(new HarnessError(`the load generator failed: ${answer.reason}`, remedy));
  });
  worker.on('error', (error) => pending?.reject(error));
  worker.on('exit', () => pending?.reject(new HarnessError('the load generator ended by itself', remedy)));
  return {
    run: async (job, signal) => {
      signal.throwIfAborted();
      const current = Promise.withResolvers<LoadResult>();
      pending = current;
      const limitMs = job.durationMsMax + job.patienceMs + overtimeMs;
      using _deadline = clock.timer(limitMs, () =>
        current.reject(new HarnessError(`the load generator did not end within ${limitMs} ms`, remedy)),
      );
      const give = () => current.reject(signal.reason);
      signal.addEventListener('abort', give, { once: true });
      worker.ref();
      try {
        worker.postMessage(job);
        return await current.promise;
      } finally {
        worker.unref();
        signal.removeEventListener('abort', give);
        pending = null;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
