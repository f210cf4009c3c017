/** One cell in a simulated machine of its own, in this thread. */
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellSchema } from '../../reports/record/report.ts';
import { ownModule } from '../setup/own-files.mjs';
import { cellFileName, type SimulationJob } from './inside/job.ts';
import { SimulatedMachine } from './machine.ts';
import type { SimulatedCell } from './outcome.ts';

const harness = fileURLToPath(ownModule('./inside/main', import.meta.url));
const logFileName = 'harness.log';
const problemCharacters = 2_000;

/** The folder of the job is made; it has to be empty. */
export async function simulateCell(job: SimulationJob): Promise<SimulatedCell> {
  mkdirSync(job.folder, { recursive: true });
  const log = join(job.folder, logFileName);
  const machine = new SimulatedMachine(job.plan.seed);
  const main = machine.spawn(
    {
      path: harness,
      args: [JSON.stringify(job)],
      imports: [],
      env: {},
      cwd: process.cwd(),
      output: [log, log],
    },
    0,
  );
  try {
    const { hash, exit, events, simulatedMs } = await machine.runUntilEnded(main);
    const done = { hash, events, simulatedMs };
    if (exit.status !== 0) return { ...done, cell: null, problem: await endOf(log) };
    const cell = cellSchema.parse(JSON.parse(await readFile(join(job.folder, cellFileName), 'utf8')));
    return { ...done, cell, problem: cell.harnessError };
  } catch (error) {
    const { events, nowNs } = machine.scheduler;
    const why = error instanceof Error ? error.message : String(error);
    return {
      hash: '',
      events,
      simulatedMs: nowNs / 1e6,
      cell: null,
      problem: `${why}\n${await endOf(log)}`,
    };
  }
}

async function endOf(log: string): Promise<string> {
  return (await readFile(log, 'utf8').catch(() => '')).trim().slice(-problemCharacters);
}
