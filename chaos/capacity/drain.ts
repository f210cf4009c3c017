/** How long a backlog of saves takes to drain: the daemon that drains it is held, the writes go on, then it is let go. */
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import type { AfterFault } from './recovery.ts';
import type { Traffic } from './load/job.ts';
import { type Reading, watchResources } from './resources/watch.ts';

const beforeMs = 500;
const heldMs = 2_500;
const durationMs = 7_000;
const patienceMs = 3_000;
/** So many saves are always on their way. */
const emptyMax = 3;

export async function measureDrain(
  { bench, system, seed }: AfterFault,
  traffic: Traffic,
  ratePerSecond: number,
): Promise<NonNullable<CapacityReport['drain']>> {
  const { clock, signal, generator } = bench;
  const { urls, watched } = await system.target();
  const daemons = system.system.processes.ofKind('db-sync');
  await using watch = watchResources(watched, clock);
  const load = { kind: 'open' as const, ratePerSecond };
  const running = generator.run(
    {
      urls,
      traffic,
      load,
      seed: `${seed}/drain`,
      durationMsMin: durationMs,
      durationMsMax: durationMs,
      patienceMs,
    },
    signal,
  );
  let resumedMs = 0;
  const holding = (async () => {
    await clock.sleep(beforeMs, signal);
    for (const daemon of daemons) daemon.pause();
    try {
      await clock.sleep(heldMs, signal);
    } finally {
      for (const daemon of daemons) daemon.resume();
      resumedMs = clock.nowMs();
    }
  })();
  await Promise.all([running, holding]);
  await system.settle();
  return { writesPerSecond: ratePerSecond, heldMs, ...drained(await watch.finish(), resumedMs) };
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
