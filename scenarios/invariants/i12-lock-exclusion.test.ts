import { describe, expect, it } from 'vitest';
import { lockExclusion } from './i12-lock-exclusion.ts';
import { evidence, operation } from './testing/literal.ts';

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

  describe('of work that leaves its token in the row of the lock', () => {
    const settled = { _id: 's1:a3', session_id: 's1', auction: '3', settlement: { winner: null, price: 0 } };
    const fought = { _id: 's1:b2', session_id: 's1', battle: '2', city: 7, status: 'finalised' };
    const uses = (_id: string, times?: number) => ({ _id, token: 9, uses: times });
    const atRest = (database: Record<string, Record<string, unknown>[]>, ...occupied: number[]) =>
      lockExclusion.check(
        occupied.map((city, index) =>
          operation(index + 1, 'occupy', 'ok', { city, no: 1, outcome: 'applied' }, [0, 100]),
        ),
        evidence({ fencedWrites: { writes: [write(1), write(2)], gaps: 0 }, database }),
      );

    it('holds when each lock was used as often as something happened under it', () => {
      const fences = [
        uses('auction:lock:s1:3', 2),
        uses('battle:lock:s1:2', 1),
        uses('city:lock:s1:7', 2),
        uses('city:lock:s1:8', 1),
      ];
      expect(atRest({ auctions: [settled], battles: [fought], fences }, 7, 8)).toMatchObject({
        verdict: 'true',
        reason: '2 holders of 1 locks wrote one after the other, and 5 changes carried their token',
      });
    });

    it('sees an auction that was settled without its token, whether it was drawn or not', () => {
      expect(atRest({ auctions: [settled], fences: [uses('auction:lock:s1:3')] }).reason).toBe(
        'at least 1 of 1 changes under auction:lock:s1:3 left out its fencing token: the settlement of s1:a3',
      );
      expect(atRest({ auctions: [settled] }).verdict).toBe('false');
      expect(atRest({ auctions: [{ ...settled, settlement: null }] }).verdict).toBe('true');
    });

    it('sees a battle that ended without the token of its city, or without its own', () => {
      const own = uses('battle:lock:s1:2', 1);
      const city = uses('city:lock:s1:7', 1);
      expect(atRest({ battles: [fought], fences: [own] }).verdict).toBe('false');
      expect(atRest({ battles: [fought], fences: [city] }).verdict).toBe('false');
      expect(atRest({ battles: [{ ...fought, status: 'running' }] }).verdict).toBe('true');
    });

    it('sees one occupation too many, and shows those that were acknowledged', () => {
      const verdict = atRest({ fences: [uses('city:lock:s1:7', 1)] }, 7, 7);
      expect(verdict.verdict).toBe('false');
      expect(verdict.witnesses[0]?.operations).toHaveLength(2);
      expect(verdict.witnesses[0]?.facts).toMatchObject({ expectedUsesMin: 2, foundUses: 1 });
    });

    it('counts no occupation that changed nothing, or of which nobody knows', () => {
      const judge = (type: 'info' | 'ok', outcome: string) =>
        lockExclusion.check(
          [operation(1, 'occupy', type, { city: 7, no: 1, outcome }, [0, 100])],
          evidence({ fencedWrites: { writes: [write(1), write(2)], gaps: 0 } }),
        ).verdict;
      expect(judge('ok', 'applied')).toBe('false');
      expect(judge('ok', 'already')).toBe('true');
      expect(judge('info', 'applied')).toBe('true');
    });

    it('sees a round that was decided without the token of its lock', () => {
      const round = (fence: unknown) => ({ _id: 's1:t1', round: 2, fence });
      expect(atRest({ tournaments: [round({ round: 2, token: 1 })] }).verdict).toBe('true');
      expect(atRest({ tournaments: [round({ round: 1, token: 4 })] }).reason).toBe(
        'round 2 of s1:t1 was decided without a fencing token',
      );
      expect(atRest({ tournaments: [round({ round: 2, token: 0 })] }).verdict).toBe('false');
      expect(atRest({ tournaments: [round(undefined)] }).verdict).toBe('false');
      expect(atRest({ tournaments: [{ ...round({ round: 0, token: 0 }), round: 0 }] }).verdict).toBe('true');
    });

    it('says nothing of it while the system is at work', () => {
      expect(
        judged([write(1), write(2)], { quiescedMs: null, database: { auctions: [settled] } }),
      ).toMatchObject({
        verdict: 'true',
      });
    });
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
