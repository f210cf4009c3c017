/** How long a backlog of saves takes to drain: the daemon that drains it is held, the writes go on, then it is let go. */
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import { loadDisturbed } from './disturbed-load.ts';
import type { AfterFault } from './recovery.ts';
import type { Traffic } from './load/job.ts';
import { type Reading, watchResources } from './resources/watch.ts';

const beforeMs = 500;
const heldMs = 2_500;
const durationMs = 7_000;
/** So many saves are always on their way. */
const emptyMax = 3;

export async function measureDrain(
  { bench, system, seed }: AfterFault,
  traffic: Traffic,
  ratePerSecond: number,
): Promise<NonNullable<CapacityReport['drain']>> {
  const { urls, watched } = await system.target();
  const daemons = system.system.processes.ofKind('db-sync');
  await using watch = watchResources(watched, bench.clock);
  const { mendedMs } = await loadDisturbed(bench, {
    urls,
    traffic,
    ratePerSecond,
    seed: `${seed}/drain`,
    durationMs,
    beforeMs,
    forMs: heldMs,
    disturb: async () => {
      for (const daemon of daemons) daemon.pause();
      return async () => daemons.forEach((daemon) => daemon.resume());
    },
  });
  await system.settle();
  return { writesPerSecond: ratePerSecond, heldMs, ...drained(await watch.finish(), mendedMs) };
}

/** Pure. */
export function drained(
  readings: readonly Pick<Reading, 'atMs' | 'queue'>[],
  resumedMs: number,
): { readonly backlog: number; readonly drainMs: number | null } {
  const lengths = readings.flatMap(({ atMs, queue }) =>
    queue === null || queue.length === null ? [] : [{ atMs, length: queue.length }],
  );
  const backlog = Math.max(0, ...lengths.map(({ length }) => length));
  const empty = lengths.find(({ atMs, length }) => atMs >= resumedMs && length <= emptyMax);
  return { backlog, drainMs: empty === undefined ? null : empty.atMs - resumedMs };
}
