import { describe, expect, it } from 'vitest';
import { Deadline } from './deadline.ts';
import { ManualClock } from './testing/manual-clock.ts';

describe('Deadline', () => {
  it('lets work that is done in time through', async () => {
    using deadline = new Deadline(new ManualClock(), 100);
    await expect(deadline.race(Promise.resolve('done'))).resolves.toBe('done');
  });

  it('rejects what is not done in time, and every later check', async () => {
    const clock = new ManualClock();
    using deadline = new Deadline(clock, 100);
    const raced = deadline.race(new Promise(() => undefined));
    raced.catch(() => undefined);
    await clock.advance(99);
    expect(deadline.remainingMs()).toBe(1);
    deadline.check();
    await clock.advance(1);
    await expect(raced).rejects.toMatchObject({ code: 'deadline_exceeded', definite: false });
    expect(() => deadline.check()).toThrow(/not done within 100 ms/);
    expect(deadline.signal.aborted).toBe(true);
  });

  it('ends at once when it is interrupted', () => {
    const stop = new AbortController();
    using deadline = new Deadline(new ManualClock(), 100, stop.signal);
    stop.abort();
    expect(deadline.remainingMs()).toBe(0);
    expect(() => deadline.check()).toThrow(/interrupted/);
  });
});
