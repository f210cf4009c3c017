/** A worker thread that simulates cells, one behind the other: what a simulation leaves in memory goes with the thread. */
import '../disposable-stacks.ts';
import { parentPort } from 'node:worker_threads';
import { jobSchema } from './inside/job.ts';
import { simulateCell } from './simulate-cell.ts';

process.removeAllListeners('warning');

parentPort?.on('message', (message: unknown) => {
  const job = jobSchema.parse(message);
  void simulateCell(job).then((outcome) => parentPort?.postMessage(outcome));
});
