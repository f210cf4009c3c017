/**
 * Waits until a target is at rest, because most invariants hold only then: healed and healthy, its work finished, and TTLs passed that could still change
 * something.
 */
import type { JsonObject } from '../api/context.ts';
import type { RunningTarget } from './start.ts';

export interface Rest {
  /** Epoch milliseconds; null when the target did not reach rest. */
  readonly quiescedMs: number | null;
  readonly reason: string;
  readonly watched?: JsonObject;
  readonly lastReads?: JsonObject;
}

/** How long it may take until nothing is left to be done, once it is healthy and its own `quiesce` has ended. */
const restLimitMs = 15_000;

/**
 * How much longer than a recovery may take a target is watched that does not come back: the time for which it waited for a processor is
 * subtracted afterwards, and what is left has to be more than the limit to be late for certain.
 */
const watchedTimes = 2;

export async function quiesce(running: RunningTarget, recoveryLimitMs: number): Promise<Rest> {
  const { target, context } = running;
  const { clock, signal } = context;
  let watched: { readonly watched?: JsonObject } = {};
  const notAtRest = (reason: string): Rest => ({ quiescedMs: null, reason, ...watched });
  const done: string[] = [];
  if (target.health !== undefined) {
    const watchedMs = watchedTimes * recoveryLimitMs;
    const well = await context.until(async () => (await running.health())?.well === true, watchedMs);
    if (!well) return notAtRest(`it did not report health within ${watchedMs} ms of the last heal`);
    done.push('healthy');
  }
  if (target.watch !== undefined) watched = { watched: await target.watch(context) };
  if (target.quiesce !== undefined) {
    const why = await target.quiesce(context);
    if (why !== null) return notAtRest(why);
    done.push('work finished');
  }
  const { atRest } = target;
  if (atRest !== undefined) {
    let open = 'work is left';
    const rested = await context.until(async () => {
      const answer = await atRest(context);
      if (typeof answer === 'string') open = answer;
      return answer === true;
    }, restLimitMs);
    if (!rested) return notAtRest(`${open}, still after ${restLimitMs} ms`);
    done.push('at rest');
  }
  const { settleMs = 0 } = target;
  if (settleMs > 0) {
    await clock.sleep(settleMs, signal);
    done.push(`${settleMs} ms passed`);
  }
  const lastReads = (await target.beforeFinalReads?.(context)) ?? undefined;
  return {
    quiescedMs: clock.nowMs(),
    reason: done.join(', ') || 'the load has ended',
    ...watched,
    ...(lastReads === undefined ? {} : { lastReads }),
  };
}
