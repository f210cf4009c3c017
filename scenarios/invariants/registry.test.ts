import { expect, test } from 'vitest';
import { judge } from '../../reports/checkers/judge.ts';
import { checkers } from './registry.ts';
import { evidence, operation } from './testing/literal.ts';

test('invariants are in alphabetical order, each once', () => {
  const names = checkers.map(({ invariant }) => invariant);
  expect(names).toEqual([...new Set(names)].toSorted());
});

test('a line whose field is missing leaves them unknown, not true', () => {
  const broken = operation(1, 'turn', 'ok', { outcome: 'applied' }, [0, 1]);
  const verdicts = judge([broken], evidence(), checkers);
  expect(verdicts.find(({ invariant }) => invariant === 'I2')).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('"currentTurn"') as string,
  });
});

test('a database that was not read leaves them unknown', () => {
  const partial = { ...evidence(), database: {} };
  const verdicts = new Map(
    judge([], partial, checkers).map(({ invariant, verdict }) => [invariant, verdict]),
  );
  for (const name of ['I1', 'I2', 'I10', 'I11']) expect(verdicts.get(name)).toBe('unknown');
});
