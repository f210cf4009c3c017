import { expect, it } from 'vitest';
import { schedules } from './i19-schedules.ts';
import { evidence } from './testing/literal.ts';

const turn = (number: number, token: number, by = 'turn-processor-1') => ({
  _id: `s1:${number}`,
  session_id: 's1',
  turn: number,
  token,
  by,
});
const verdictOf = (entries: readonly Record<string, unknown>[]) =>
  schedules.check(
    [],
    evidence({
      database: {
        sessions: [{ _id: 's1', session_id: 's1', turn: entries.length, turn_period_ms: 1_000 }],
        turn_log: [...entries],
      },
    }),
  ).verdict;

it('turns keep their period, also when one was late', () => {
  expect(verdictOf([turn(1, 1_000), turn(2, 2_000), turn(3, 3_000)])).toBe('true');
  expect(verdictOf([turn(1, 1_900), turn(2, 2_010), turn(3, 3_000)])).toBe('true');
});

it('turns that are made up in a row are found', () => {
  expect(verdictOf([turn(1, 9_000), turn(2, 9_050), turn(3, 9_100)])).toBe('false');
});

it('turns that clients ask for may come at any time', () => {
  expect(verdictOf([turn(1, 9_000), turn(2, 9_050, 'api-1'), turn(3, 9_100, 'api-2')])).toBe('true');
});

it('an auction is not settled before it closes', () => {
  const auction = (closes_at: string, settled_at: string) => ({
    database: {
      auctions: [
        { _id: 's1:a1', session_id: 's1', closes_at, settlement: { winner: 1, price: 2, settled_at } },
      ],
    },
  });
  const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
  expect(schedules.check([], evidence(auction(at(2), at(3)))).verdict).toBe('true');
  expect(schedules.check([], evidence(auction(at(3), at(2)))).verdict).toBe('false');
});
