import { describe, expect, it } from 'vitest';
import { locksFree } from './i13-locks-free.ts';
import { evidence } from './testing/literal.ts';

const holding = (ttlMs: number, heldMs: number) => ({
  key: 'session:lock:s1:turn',
  token: 'a',
  ttlMs,
  firstSeenMs: 100,
  lastSeenMs: 100 + heldMs,
});
const judged = (locks: ReturnType<typeof holding>[] | undefined, lockTtlMs: number | undefined = 2000) => {
  const { limits } = evidence();
  return locksFree.check([], evidence({ locks, quiescedMs: null, limits: { ...limits, lockTtlMs } }));
};

describe('I13', () => {
  it('holds when every lock was gone in time', () => {
    expect(judged([holding(2000, 0), holding(1500, 1400)])).toMatchObject({ verdict: 'true' });
    expect(judged([holding(2000, 0)]).reason).toContain('1 holdings of 1 locks');
  });

  it('allows what it had left at first sight and a second more, and not longer', () => {
    expect(judged([holding(1500, 2500)]).verdict).toBe('true');
    const verdict = judged([holding(1500, 2501)]);
    expect(verdict.reason).toBe(
      'session:lock:s1:turn had 1500 ms left and was still held by the same holder 2501 ms later',
    );
  });

  it('sees a lock that never expires, or lives longer than configured', () => {
    expect(judged([holding(-1, 0)]).reason).toContain('without a time at which it would expire');
    expect(judged([holding(2000, 0)]).verdict).toBe('true');
    expect(judged([holding(2001, 0)]).reason).toContain('had 2001 ms left, and a lock lives for 2000 ms');
  });

  it('knows nothing when no lock was seen', () => {
    expect(judged([])).toMatchObject({ verdict: 'unknown', reason: 'no lock was seen to be held' });
    expect(judged(undefined).verdict).toBe('unknown');
  });
});
