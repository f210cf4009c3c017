/** Processor time that a piece of work costs all processes of a run, to the microsecond: for what is too short for a look a few times a second. */
import { readdir, readFile } from 'node:fs/promises';
import { HarnessError } from '../../errors.ts';
import { findProcesses } from './find-processes.ts';
import { kindOf } from './utilisation.ts';

export interface Spent {
  readonly seconds: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/** Throws HarnessError where there is no /proc. What a process spent that ended meanwhile is not counted. */
export async function spentBy(runId: string, work: () => Promise<void>): Promise<Spent> {
  const processes = await findProcesses(runId);
  if (processes.length === 0)
    throw new HarnessError(
      'processor time can not be read here',
      'growth is measured on Linux, through /proc',
    );
  const before = await Promise.all(processes.map(({ pid }) => allThreadsSeconds(pid)));
  await work();
  const after = await Promise.all(processes.map(({ pid }) => allThreadsSeconds(pid)));
  const byKind: Record<string, number> = {};
  processes.forEach(({ name }, index) => {
    const spent = Math.max(0, (after[index] ?? 0) - (before[index] ?? 0));
    byKind[kindOf(name)] = (byKind[kindOf(name)] ?? 0) + spent;
  });
  return { seconds: Object.values(byKind).reduce((sum, spent) => sum + spent, 0), byKind };
}

async function allThreadsSeconds(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const ran = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').catch(() => '0');
      return Number(text.split(' ')[0]) / 1e9;
    }),
  );
  return ran.reduce((sum, seconds) => sum + seconds, 0);
}
