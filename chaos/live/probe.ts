/** A client of the harness's own that reads at a steady rate, so that latencies are known for a target without a load. */
import type { Operation } from '../../reports/history/operation.ts';
import type { Clock } from '../clock.ts';

export interface ProbeOptions {
  readonly url: string;
  readonly ratePerSecond: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  ended(operation: Operation): void;
}

/** Reads until it is disposed of. An open schedule: a read that hangs keeps none of the others. */
export function startProbe(options: ProbeOptions): AsyncDisposable {
  const { ratePerSecond, clock, ended } = options;
  const ending = new AbortController();
  const startMs = clock.nowMs();
  const open = new Set<Promise<void>>();
  const loop = (async () => {
    for (let number = 0; !ending.signal.aborted; number += 1) {
      const intendedMs = startMs + (number * 1_000) / ratePerSecond;
      const waitMs = intendedMs - clock.nowMs();
      if (waitMs > 0) await clock.sleep(waitMs, ending.signal).catch(() => undefined);
      if (ending.signal.aborted) break;
      const read = readOnce(options, number, intendedMs, ending.signal).then((operation) => {
        if (operation !== null) ended(operation);
      });
      open.add(read);
      void read.finally(() => open.delete(read));
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await loop;
      await Promise.all(open);
    },
  };
}

/** Null when it was ended from outside: that says nothing of the target. */
async function readOnce(
  { url, timeoutMs, clock }: ProbeOptions,
  process: number,
  intendedMs: number,
  ending: AbortSignal,
): Promise<Operation | null> {
  const startedMs = clock.nowMs();
  const about = { process, f: 'probe', intendedMs, startedMs };
  try {
    const signal = AbortSignal.any([ending, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { signal });
    await response.arrayBuffer();
    const value = { status: response.status };
    return { ...about, type: response.ok ? 'ok' : 'fail', value, endedMs: clock.nowMs() };
  } catch (error) {
    if (ending.aborted) return null;
    const kind = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'no connection';
    return { ...about, type: 'fail', value: { status: 0 }, endedMs: clock.nowMs(), error: kind };
  }
}
