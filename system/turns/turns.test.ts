import { describe, expect, it } from 'vitest';
import { sampleGeneral, sampleSession } from '../testing/sample-entities.ts';
import { advanceGeneral } from './advance.ts';
import { isDue, nextTurnAt } from './schedule.ts';
import { isTakeOver } from './take-over.ts';

describe('advanceGeneral', () => {
  it('counts the turn, makes no gold and never eats more rice than there is', () => {
    const advanced = advanceGeneral(sampleGeneral({ gold: 100, rice: 0 }), 5);
    expect(advanced).toMatchObject({ turns_lived: 5, last_turn: 5, gold: 100, rice: 0 });
  });
});

describe('the schedule', () => {
  const dueMs = sampleSession().next_turn_at.getTime();

  it('calls a turn due from its time on', () => {
    expect(isDue(sampleSession(), dueMs - 1)).toBe(false);
    expect(isDue(sampleSession(), dueMs)).toBe(true);
  });

  it('keeps its beat when the turn was on time', () => {
    expect(nextTurnAt(sampleSession(), dueMs + 250).getTime()).toBe(dueMs + 60_000);
  });

  it('does not move for a turn that was asked for early', () => {
    expect(nextTurnAt(sampleSession(), dueMs - 1).getTime()).toBe(dueMs);
  });

  it('catches up with its beat within a period', () => {
    expect(nextTurnAt(sampleSession(), dueMs + 59_000).getTime()).toBe(dueMs + 60_000);
  });

  it('does not make up for a downtime, not even by one turn', () => {
    expect(nextTurnAt(sampleSession(), dueMs + 60_000).getTime()).toBe(dueMs + 120_000);
    expect(nextTurnAt(sampleSession(), dueMs + 3_600_000).getTime()).toBe(dueMs + 3_660_000);
  });
});

describe('isTakeOver', () => {
  it('is told by an older token on the same turn', () => {
    expect(isTakeOver({ turn: 5, token: 1 }, 5, 2)).toBe(true);
    expect(isTakeOver(null, 5, 2)).toBe(false);
    expect(isTakeOver({ turn: 4, token: 1 }, 5, 2)).toBe(false);
  });
});
