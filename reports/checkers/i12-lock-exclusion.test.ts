import { describe, expect, it } from 'vitest';
import { lockExclusion } from './i12-lock-exclusion.ts';
import { evidence, operation } from './literal.ts';

const write = (token: number, atMs = token, lock = 'session:lock:s1:turn') => ({
  atMs,
  lock,
  token,
  document: `generals/s1:g${token}`,
});
const judged = (writes: ReturnType<typeof write>[], overrides = {}) =>
  lockExclusion.check(
    [operation(1, 'turn', 'info', { turn: 1 }, [0, 100])],
    evidence({ fencedWrites: { writes, gaps: 0 }, ...overrides }),
  );
const log = (turn: number, token: number) => ({ _id: `s1:${turn}`, session_id: 's1', turn, token });

describe('I12', () => {
  it('holds when holders wrote one after the other, each lock by itself', () => {
    const verdict = judged([write(1), write(3), write(2, 4, 'session:lock:s2:turn'), write(5)]);
    expect(verdict).toMatchObject({
      verdict: 'true',
      reason: '4 holders of 2 locks wrote one after the other',
    });
  });

  it('sees the write of a holder who had been replaced, whatever the state of the system', () => {
    const verdict = judged([write(1), write(2), write(1, 9), write(2, 10)], { quiescedMs: null });
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses).toHaveLength(1);
    expect(verdict.reason).toContain(
      'the holder with token 1 wrote generals/s1:g1 after the one with token 2',
    );
    expect(verdict.witnesses[0]?.operations).toHaveLength(1);
  });

  it('sees a turn that was logged by a holder older than the turn before it', () => {
    const writes = [write(1), write(2)];
    expect(judged(writes, { database: { turn_log: [log(2, 4), log(1, 1)] } }).verdict).toBe('true');
    expect(judged(writes, { database: { turn_log: [log(2, 3), log(1, 3)] } }).verdict).toBe('false');
    expect(
      judged(writes, { database: { turn_log: [{ ...log(2, 3), token: undefined }, log(1, 9)] } }).verdict,
    ).toBe('true');
  });

  it('knows nothing when no lock had two holders, or nothing was recorded, and says what it may have missed', () => {
    expect(judged([write(1), write(1, 2, 'session:lock:s2:turn')]).reason).toBe(
      'no lock had two holders who wrote',
    );
    const writes = [write(1), write(2)];
    expect(judged(writes, { fencedWrites: { writes, gaps: 2 } })).toMatchObject({
      verdict: 'true',
      reason:
        '2 holders of 1 locks wrote one after the other, as far as was seen: the database was away 2 times',
    });
    expect(judged([], { fencedWrites: undefined }).verdict).toBe('unknown');
  });
});
