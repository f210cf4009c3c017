import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ddmin, leastFailing } from './shrink.ts';
import { seededRandom } from '../random.ts';

const eight = [0, 1, 2, 3, 4, 5, 6, 7];
const includesAll = (part: readonly number[], needed: readonly number[]): boolean =>
  needed.every((item) => part.includes(item));
/** A non-empty list and a choice of its items that a failure needs. */
const cases = fc
  .uniqueArray(fc.integer(), { minLength: 1, maxLength: 24 })
  .chain((items) => fc.tuple(fc.constant(items), fc.subarray(items)));

describe('ddmin', () => {
  it.each([[[]], [[3]], [[0, 7]], [[2, 3, 6]], [eight]])('finds %j of eight', async (needed) => {
    expect(await ddmin(eight, async (part) => includesAll(part, needed))).toEqual(needed);
  });

  it('needs few tests for one of eight, and never asks for the whole', async () => {
    const asked: (readonly number[])[] = [];
    await ddmin(eight, async (part) => {
      asked.push(part);
      return part.includes(5);
    });
    expect(asked.length).toBeLessThanOrEqual(8);
    expect(asked.filter((part) => part.length === eight.length)).toEqual([]);
  });

  it('finds exactly the items that are needed', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([items, needed]) => {
        expect(await ddmin(items, async (part) => includesAll(part, needed))).toEqual(needed);
      }),
    );
  });

  it('gives a part that fails and loses that with any item less, also where failing does not grow with the part', async () => {
    const tables = fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
    );
    await fc.assert(
      fc.asyncProperty(tables, async ([count, table]) => {
        const items = eight.slice(0, count);
        const maskOf = (part: readonly number[]): number =>
          part.reduce((mask, item) => mask | (1 << item), 0);
        const fails = (part: readonly number[]): boolean =>
          part.length === count || table[maskOf(part)] === true;
        const found = await ddmin(items, async (part) => fails(part));
        expect(fails(found)).toBe(true);
        const less = found.length > 1 ? found.map((item) => found.filter((other) => other !== item)) : [];
        expect(less.filter(fails)).toEqual([]);
      }),
    );
  });

  it('keeps the needed items when the failure shows in a third of the runs, with three runs for each part', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer(), async ([items, needed], seed) => {
        const random = seededRandom(seed);
        const once = (part: readonly number[]): boolean => includesAll(part, needed) && random.next() < 1 / 3;
        const found = await ddmin(items, async (part) => once(part) || once(part) || once(part));
        expect(includesAll(found, needed)).toBe(true);
      }),
    );
  });

  it('mostly finds no more than what is needed of eight, when the failure shows in half of the runs', async () => {
    const random = seededRandom('half');
    const once = (part: readonly number[]): boolean => part.includes(6) && random.next() < 0.5;
    let exact = 0;
    for (let round = 0; round < 200; round += 1) {
      const found = await ddmin(eight, async (part) => once(part) || once(part) || once(part));
      if (found.length === 1) exact += 1;
    }
    expect(exact).toBeGreaterThan(150);
  });

  it('passes on what the test throws', async () => {
    await expect(ddmin(eight, () => Promise.reject(new Error('interrupted')))).rejects.toThrow('interrupted');
  });
});

describe('the least failing number', () => {
  it('is found by bisection', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5_000 }), async (limit) => {
        const found = await leastFailing(
          { failing: 5_000, passing: 0, closeEnough: 0 },
          async (value) => value >= limit,
        );
        expect(found).toBe(limit);
      }),
    );
  });

  it('stops at the requested precision', async () => {
    let tests = 0;
    const found = await leastFailing({ failing: 1_000, passing: 1, closeEnough: 0.25 }, async (value) => {
      tests += 1;
      return value >= 300;
    });
    expect(found).toBeGreaterThanOrEqual(300);
    expect(found).toBeLessThan(400);
    expect(tests).toBeLessThanOrEqual(4);
  });

  it('keeps the number when nothing smaller fails', async () => {
    expect(await leastFailing({ failing: 7, passing: 1, closeEnough: 0 }, async () => false)).toBe(7);
  });
});
