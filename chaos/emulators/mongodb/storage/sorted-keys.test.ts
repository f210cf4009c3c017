import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../random.ts';
import { SortedKeys } from './sorted-keys.ts';

const key = fc.integer({ min: 0, max: 999 }).map((number) => String(number).padStart(3, '0'));

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('add' as const), keys: fc.array(key, { maxLength: 300 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), keys: fc.array(key, { maxLength: 300 }) }),
  },
  fc.record({ kind: fc.constant('deleteRange' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('range' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('reload' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What the tree answers to a step, and what a sorted array does. */
function perform(tree: SortedKeys, model: Set<string>, next: Step): { actual: unknown; expected: unknown } {
  const sorted = [...model].toSorted();
  switch (next.kind) {
    case 'add':
      return {
        actual: next.keys.map((added) => tree.add(added)),
        expected: next.keys.map((added) => !model.has(added) && model.add(added) === model),
      };
    case 'delete':
      return {
        actual: next.keys.map((removed) => tree.delete(removed)),
        expected: next.keys.map((removed) => model.delete(removed)),
      };
    case 'reload':
      return { actual: tree.load(sorted), expected: undefined };
    default: {
      const within = sorted.filter((item) => item >= next.from && item < next.to);
      const actual = [[...tree.ascending(next.from, next.to)], [...tree.descending(next.from, next.to)]];
      if (next.kind === 'deleteRange') {
        for (const removed of within) {
          tree.delete(removed);
          model.delete(removed);
        }
      }
      return { actual, expected: [within, within.toReversed()] };
    }
  }
}

describe('SortedKeys', () => {
  it('behaves as a sorted array', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const tree = new SortedKeys();
        const model = new Set<string>();
        for (const next of steps) {
          const { actual, expected } = perform(tree, model, next);
          expect(actual).toEqual(expected);
          expect(tree.size).toBe(model.size);
        }
        const sorted = [...model].toSorted();
        expect([...tree.ascending('', '~')]).toEqual(sorted);
        expect([...tree.descending('', '~')]).toEqual(sorted.toReversed());
        for (const item of model) expect(tree.has(item)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('goes on with a walk over keys added and removed meanwhile', () => {
    const step = fc.record({
      add: fc.array(key, { maxLength: 20 }),
      remove: fc.array(key, { maxLength: 20 }),
    });
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 50, maxLength: 400 }),
        fc.array(step),
        fc.boolean(),
        (keys, steps, up) => {
          const tree = new SortedKeys();
          for (const added of keys) tree.add(added);
          const untouched = new Set(keys);
          const walk = up ? tree.ascending('', '~') : tree.descending('', '~');
          const seen: string[] = [];
          for (const { add, remove } of steps) {
            const next = walk.next();
            if (next.done === true) break;
            seen.push(next.value);
            for (const removed of remove) {
              tree.delete(removed);
              untouched.delete(removed);
            }
            for (const added of add) tree.add(added);
          }
          seen.push(...walk);
          expect(seen).toEqual(
            up ? [...new Set(seen)].toSorted() : [...new Set(seen)].toSorted().toReversed(),
          );
          for (const item of untouched) expect(seen).toContain(item);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('shrinks when most keys are removed in any order', () => {
    const random = seededRandom('shrink');
    const tree = new SortedKeys();
    const keys = Array.from({ length: 20_000 }, (_, index) => String(index).padStart(6, '0'));
    for (const added of keys) tree.add(added);
    const rest = keys.filter(() => random.next() < 0.01);
    const kept = new Set(rest);
    for (const removed of keys) if (!kept.has(removed)) tree.delete(removed);
    expect([...tree.ascending('', '~')]).toEqual(rest);
    for (const removed of rest) tree.delete(removed);
    expect(tree.size).toBe(0);
    expect([...tree.ascending('', '~')]).toEqual([]);
    expect(tree.add('again')).toBe(true);
  });
});
