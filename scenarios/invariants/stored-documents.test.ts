import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { storedDocumentFindings } from './stored-documents.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Row = Record<string, unknown>;

function summaries(
  database: Record<string, Row[]>,
  initial: Record<string, Row[]> = {},
  history: Operation[] = [],
) {
  return storedDocumentFindings(history, evidence({ database, initial })).map(
    ({ witness }) => witness().summary,
  );
}

const stamped = (version: number, at: string, write: string, fields: Row = {}) =>
  general(1, { version, updated_at: at, write_id: write, ...fields });

describe('violated', () => {
  it.each([
    ['a name of another turn', { turn_log: [{ _id: 's1:0', session_id: 's1', turn: 1 }] }, 'instead of s1:1'],
    ['an answer without its session', { answered_requests: [{ _id: 'k', session_id: 's1' }] }, 'without its'],
    [
      'a turn still marked',
      { sessions: [{ _id: 's1', session_id: 's1', turn: 3, turn_started: { turn: 3 } }] },
      'marked as begun',
    ],
    [
      'a token of another clock',
      { fences: [{ _id: 'l', token: 2_000_000, at: '1970-01-01T00:00:01Z' }] },
      'not the time',
    ],
  ])('%s', (_what, database, expected) => {
    expect(summaries(database)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['a change without a version', stamped(1, 'b', 'w2', { gold: 2 }), 'its version is 1 still'],
    ['a change without a time', stamped(2, 'a', 'w2', { gold: 2 }), 'updated_at is a still'],
    ['a change without a write', stamped(2, 'b', 'w1', { gold: 2 }), 'write_id is w1 still'],
    ['an older version', stamped(0, 'b', 'w2', { gold: 2 }), 'went back'],
  ])('%s', (_what, stored, expected) => {
    const seeded = stamped(1, 'a', 'w1', { gold: 1 });
    expect(summaries({ generals: [stored] }, { generals: [seeded] })).toEqual([
      expect.stringContaining(expected),
    ]);
  });
});

it('a stamp that shuts an older holder out changes version and write alone', () => {
  const seeded = stamped(1, 'a', 'w1', { turn_fence: 1 });
  expect(summaries({ generals: [stamped(2, 'a', 'w2', { turn_fence: 2 })] }, { generals: [seeded] })).toEqual(
    [],
  );
});

it('a rank changes with the end of the nation alone', () => {
  const ranked = (fields: Row) =>
    summaries(
      { generals: [general(1, { nation: 1, officer_level: 3, version: 2, ...fields })] },
      { generals: [general(1, { nation: 1, officer_level: 3 })] },
    );
  expect(ranked({})).toEqual([]);
  expect(ranked({ nation: 0, officer_level: 0 })).toEqual([]);
  expect(ranked({ officer_level: 4 })).toHaveLength(1);
  expect(ranked({ nation: 0 })).toHaveLength(1);
});

describe('the place of a general', () => {
  const seeded = general(1, { nation: 1, city: 3 });
  const occupied = (city: number, type: Operation['type'], times: readonly [number, number]) =>
    operation(city, 'occupy', type, { no: 1, city, nation: 1, from: 0, outcome: 'applied' }, times);
  const placed = (fields: Row, history: Operation[], battles: Row[] = []) =>
    summaries(
      { generals: [general(1, { nation: 1, version: 2, ...fields })], battles },
      { generals: [seeded] },
      history,
    );

  it('is the last city that he took', () => {
    const history = [occupied(4, 'ok', [0, 10]), occupied(5, 'ok', [20, 30])];
    expect(placed({ city: 5 }, history)).toEqual([]);
    expect(placed({ city: 4 }, history)).toEqual([expect.stringContaining('should be in 5')]);
    expect(placed({ city: 3 }, history)).toHaveLength(1);
  });

  it('may be one of which the answer was lost, or that of a battle he won', () => {
    const history = [occupied(4, 'ok', [0, 10]), occupied(5, 'info', [5, 30])];
    const battle = {
      _id: 's1:b1',
      session_id: 's1',
      battle: '1',
      city: 6,
      attacker: 1,
      winner: 'attacker',
    };
    for (const city of [4, 5, 6]) expect(placed({ city }, history, [battle])).toEqual([]);
    expect(placed({ city: 3 }, history, [battle])).toHaveLength(1);
  });

  it('is nowhere once his nation has ended', () => {
    expect(placed({ nation: 0, city: 0 }, [occupied(4, 'ok', [0, 10])])).toEqual([]);
    expect(placed({ nation: 0, city: 4 }, [occupied(4, 'ok', [0, 10])])).toHaveLength(1);
  });
});
