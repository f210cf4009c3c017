/** Delays beyond what setTimeout takes are waited for in full. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('the system clock', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each([1, 1000, 0x7fffffff, 0x80000000, 30 * dayMs, 400 * dayMs])(
    'fires a timer after %d ms',
    (delayMs) => {
      const callback = vi.fn<() => void>();
      systemClock.timer(delayMs, callback);
      vi.advanceTimersByTime(delayMs - 1);
      expect(callback).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(callback).toHaveBeenCalledOnce();
    },
  );

  it('never fires a timer of an infinite delay', () => {
    const callback = vi.fn<() => void>();
    using _timer = systemClock.timer(Number.POSITIVE_INFINITY, callback);
    vi.advanceTimersByTime(1000 * dayMs);
    expect(callback).not.toHaveBeenCalled();
  });

  it('does not fire a long timer that was disposed of in its second part', () => {
    const callback = vi.fn<() => void>();
    const timer = systemClock.timer(60 * dayMs, callback);
    vi.advanceTimersByTime(30 * dayMs);
    timer[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60 * dayMs);
    expect(callback).not.toHaveBeenCalled();
  });

  it('sleeps for longer than setTimeout can', async () => {
    let isOver = false;
    const sleeping = systemClock.sleep(30 * dayMs).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(30 * dayMs - 1);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleeping;
    expect(isOver).toBe(true);
  });

  it('ends a long sleep when its signal is aborted', async () => {
    const aborting = new AbortController();
    const sleeping = systemClock.sleep(60 * dayMs, aborting.signal);
    await vi.advanceTimersByTimeAsync(30 * dayMs);
    aborting.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses a delay that is not a number', () => {
    expect(() => systemClock.timer(Number.NaN, () => undefined)).toThrow(RangeError);
  });
});
