import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { rewardsPaidOnce } from './i9-rewards-paid-once.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const reward = (no: number, paid = true): Fields => ({ key: '1/1', no, gold: 50, paid });
const tournament = (rewards: Fields[], pool = 100, round = 1): Fields => ({
  _id: 's1:t1',
  session_id: 's1',
  tournament: '1',
  round,
  pool,
  rewards,
});
const paid = (no: number, gold: number, ...rewards: string[]): Fields => general(no, { gold, rewards });
const initial = {
  generals: [paid(1, 10), paid(2, 10)],
  tournaments: [{ _id: 's1:t1', session_id: 's1', pool: 150 }],
};
const play = (outcome: string, currentRound = 1, round = 1): Operation =>
  operation(1, 'play-round', 'ok', { tournament: '1', round, outcome, currentRound, owed: 0 }, [0, 10]);

function judged(
  one: Fields,
  generals: Fields[],
  history: readonly Operation[] = [play('applied'), play('already')],
  overrides: Fields = {},
) {
  return rewardsPaidOnce.check(
    history,
    evidence({ initial, ...overrides, database: { tournaments: [one], generals } }),
  );
}
const fair = [paid(1, 60, '1/1'), paid(2, 10)];

describe('I9', () => {
  it('holds when every reward is marked, in the general’s list, and in his gold', () => {
    const verdict = judged(tournament([reward(1)]), fair);
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('1 rewards of 1 tournaments');
  });

  it('sees a reward that was paid twice at any moment, and one that is marked and was not paid at rest', () => {
    const unrest = { quiescedMs: null };
    const twice = judged(tournament([reward(1)]), [paid(1, 110, '1/1', '1/1'), paid(2, 10)], [], unrest);
    expect(twice.reason).toContain('is marked as paid and was paid 2 times');
    const unpaid = [paid(1, 10), paid(2, 10)];
    expect(judged(tournament([reward(1)]), unpaid).reason).toContain('was paid 0 times');
    expect(judged(tournament([reward(1)]), unpaid, [], unrest).verdict).toBe('unknown');
  });

  it('sees a reward that is still owed, but only at rest', () => {
    const owed = tournament([reward(1, false)], 150);
    expect(judged(owed, [paid(1, 10), paid(2, 10)]).reason).toContain(
      'is marked as owed and was paid 0 times',
    );
    expect(judged(owed, fair).reason).toContain('is marked as owed and was paid 1 times');
    expect(judged(owed, fair, [], { quiescedMs: null }).verdict).toBe('unknown');
  });

  it('sees a reward that is owed twice, and a payment that nobody owes', () => {
    expect(judged(tournament([reward(1), reward(1)], 50), fair).reason).toContain('is owed twice');
    const wrong = judged(tournament([reward(1)]), [paid(1, 60, '1/1'), paid(2, 60, '1/1')]);
    expect(wrong.reason).toBe('general s1:g2 was paid reward 1/1, which no tournament owes him');
  });

  it('sees gold that is not what the rewards are worth', () => {
    const verdict = judged(tournament([reward(1)]), [paid(1, 110, '1/1'), paid(2, 10)]);
    expect(verdict.reason).toBe('s1:g1 has 110 gold, and with 1 rewards it should have 60');
  });

  it('sees a pool from which too much or too little was taken', () => {
    expect(judged(tournament([reward(1)], 50), fair).reason).toContain('holds 50 gold and should hold 100');
    expect(judged(tournament([reward(1)], 150), fair).verdict).toBe('false');
  });

  it('sees a round that was decided twice, and one that was forgotten', () => {
    expect(judged(tournament([reward(1)]), fair, [play('applied'), play('applied')]).reason).toContain(
      'decided 2 times',
    );
    expect(judged(tournament([reward(1)]), fair, [play('applied', 2, 2)]).reason).toContain(
      'was at round 2 and ended at round 1',
    );
    expect(judged(tournament([reward(1)]), fair, [play('already', 1, 2)]).reason).toContain(
      'round 2 of tournament s1:t1 was acknowledged at round 1',
    );
    // Another process was at it: nothing was acknowledged.
    expect(judged(tournament([reward(1)]), fair, [play('skipped', 1, 2)]).verdict).toBe('true');
    const unclear = operation(1, 'play-round', 'info', { tournament: '1', round: 2 }, [0, 10]);
    expect(judged(tournament([reward(1)]), fair, [unclear]).verdict).toBe('true');
  });

  it('knows nothing when no reward was won, or the beginning was not read', () => {
    expect(judged(tournament([], 150, 0), [paid(1, 10)], []).reason).toBe('no reward was won');
    expect(judged(tournament([reward(1)]), fair, [], { initial: undefined }).verdict).toBe('unknown');
  });
});
