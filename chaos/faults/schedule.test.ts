import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { Schedule } from './timeline.ts';

/** A clock that only sleeping moves. */
function sleepersClock(): Clock {
  let nowMs = 1_000;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (delayMs, signal) => {
      signal?.throwIfAborted();
      nowMs += delayMs;
    },
    timer: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

describe('the schedule of a timeline', () => {
  it('counts from the start of the load', async () => {
    const clock = sleepersClock();
    const schedule = new Schedule(1_500, clock, new AbortController().signal);
    await schedule.until(250);
    expect(clock.nowMs()).toBe(1_750);
    await schedule.until(100);
    expect(clock.nowMs()).toBe(1_750);
  });

  it('shifts later moments by the length of the pause', async () => {
    const clock = sleepersClock();
    const schedule = new Schedule(1_000, clock, new AbortController().signal);
    await schedule.until(500);
    await schedule.hold(() => clock.sleep(40_000));
    await schedule.until(700);
    expect(clock.nowMs()).toBe(1_000 + 40_000 + 700);
  });

  it('starts nothing while it is paused', async () => {
    const clock = sleepersClock();
    const schedule = new Schedule(1_000, clock, new AbortController().signal);
    const entered = Promise.withResolvers<void>();
    const held = schedule.hold(() => entered.promise);
    let came = false;
    const moment = schedule.until(0).then(() => (came = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(came).toBe(false);
    entered.resolve();
    await Promise.all([held, moment]);
    expect(came).toBe(true);
  });

  it('rejects with the reason of the signal', async () => {
    const interrupted = new AbortController();
    const schedule = new Schedule(0, sleepersClock(), interrupted.signal);
    interrupted.abort(new Error('interrupted'));
    await expect(schedule.until(0)).rejects.toThrow('interrupted');
  });
});
