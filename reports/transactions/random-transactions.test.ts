/** What no list of examples shows: no history that could have been serial is accused, and no read that missed an update is passed over. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anomaliesOf } from './anomalies.ts';
import type { Element, Step, Transaction } from './transaction.ts';

const keys = ['x', 'y', 'z'];

const stepShape = fc.record({ kind: fc.constantFrom('append', 'read'), key: fc.constantFrom(...keys) });
const shape = fc.record({
  steps: fc.array(stepShape, { minLength: 1, maxLength: 5 }),
  /** What the client was told, and whether it took effect where he was told nothing. */
  type: fc.constantFrom('ok', 'ok', 'ok', 'fail', 'info'),
  effective: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** One after the other on lists; a transaction that was rolled back still saw what was there, and its own appends. */
function serially(shapes: readonly Shape[]): Transaction[] {
  let lists = new Map<string, readonly Element[]>();
  let element = 0;
  return shapes.map(({ steps, type, effective }, index) => {
    const own = new Map(lists);
    const done = steps.map(({ kind, key }): Step => {
      if (kind === 'read') return { kind, key, list: type === 'ok' ? [...(own.get(key) ?? [])] : null };
      element += 1;
      own.set(key, [...(own.get(key) ?? []), element]);
      return { kind: 'append', key, element };
    });
    if (type === 'ok' || (type === 'info' && effective)) lists = own;
    return { id: `T${index}`, type, startedMs: index, endedMs: index + 1, steps: done };
  });
}

test('nothing is found in any transactions that were carried out one after the other, in whatever order they are told', () => {
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (shapes, ranks) => {
      const inOrder = serially(shapes);
      const told = inOrder
        .map((transaction) => ({ transaction, rank: ranks.next().value }))
        .toSorted((left, right) => left.rank - right.rank)
        .map(({ transaction }) => transaction);
      expect(anomaliesOf(told)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('an update that was made from an old value is found, wherever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (count, choice) => {
      const updates: Shape[] = Array.from({ length: count }, () => ({
        steps: [
          { kind: 'read', key: 'x' },
          { kind: 'append', key: 'x' },
        ],
        type: 'ok',
        effective: true,
      }));
      const last: Shape = { steps: [{ kind: 'read', key: 'x' }], type: 'ok', effective: true };
      const history = serially([...updates, last]);
      // All but the first read something, and one of them does not see the update before its own.
      const blind = 1 + (choice % (count - 1));
      const spoilt = history.map((transaction, index) => {
        const [first, ...rest] = transaction.steps;
        if (index !== blind || first?.kind !== 'read' || first.list === null) return transaction;
        return { ...transaction, steps: [{ ...first, list: first.list.slice(0, -1) }, ...rest] };
      });
      expect(anomaliesOf(spoilt).map(({ name }) => name)).toContain('lost-update');
    }),
    { numRuns: 100 },
  );
});

test('a transaction that was told to be rolled back and was seen is found', () => {
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 20 }), (shapes) => {
      const append: Shape = { steps: [{ kind: 'append', key: 'x' }], type: 'ok', effective: true };
      const reader: Shape = { steps: [{ kind: 'read', key: 'x' }], type: 'ok', effective: true };
      const history = serially([...shapes, append, reader]);
      const spoilt = history.map((one, index) =>
        index === shapes.length ? { ...one, type: 'fail' as const } : one,
      );
      expect(anomaliesOf(spoilt).map(({ name }) => name)).toContain('G1a');
    }),
    { numRuns: 100 },
  );
});
