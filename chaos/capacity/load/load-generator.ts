/** The harness's side of the load generator: gives it jobs, and ends its thread. */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import { HarnessError } from '../../errors.ts';
import type { LoadJob, LoadResult } from './job.ts';
import type { GeneratorData, WorkerAnswer } from './worker.ts';
import { ownModule } from '../../setup/own-files.mjs';

/** Beyond a job's own time; the first job also waits for the target's configuration to be loaded. */
const overtimeMs = 20_000;
const remedy = 'run the command again; with --seed it makes the same load';

export interface LoadGenerator extends AsyncDisposable {
  /** One at a time. Rejects with the signal's reason when it is aborted. */
  run(job: LoadJob, signal: AbortSignal): Promise<LoadResult>;
}

/** `target`: whose routes a mix is drawn from; null for fixed requests. */
export function startLoadGenerator(clock: Clock, target: GeneratorData | null): LoadGenerator {
  // The target has functions, which cannot be sent to a thread.
  const workerData: GeneratorData | null =
    target === null ? null : { configFile: target.configFile, name: target.name };
  const worker = new Worker(ownModule('./worker', import.meta.url), { workerData });
  worker.unref();
  let pending: PromiseWithResolvers<LoadResult> | null = null;
  let ended: unknown = null;
  const end = (reason: unknown): void => {
    ended ??= reason;
    pending?.reject(ended);
  };
  worker.on('message', (answer: WorkerAnswer) => {
    if (answer.kind === 'done') pending?.resolve(answer.result);
    else pending?.reject(new HarnessError(`the load generator failed: ${answer.reason}`, remedy));
  });
  worker.on('error', end);
  worker.on('exit', () => end(new HarnessError('the load generator ended by itself', remedy)));
  return {
    run: async (job, signal) => {
      signal.throwIfAborted();
      if (ended !== null) throw ended;
      const current = Promise.withResolvers<LoadResult>();
      pending = current;
      const limitMs = job.durationMsMax + job.patienceMs + overtimeMs;
      using _deadline = clock.timer(limitMs, () =>
        current.reject(new HarnessError(`the load generator did not end within ${limitMs} ms`, remedy)),
      );
      const giveUp = () => current.reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
      worker.ref();
      try {
        worker.postMessage(job);
        return await current.promise;
      } finally {
        worker.unref();
        signal.removeEventListener('abort', giveUp);
        pending = null;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
