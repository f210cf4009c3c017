/**
 * Delta debugging: which of many circumstances a failure needs. `ddmin` of Andreas Zeller and Ralf Hildebrandt, "Simplifying and
 * Isolating Failure-Inducing Input", IEEE Transactions on Software Engineering 28(2), 2002. Pure, but for the test it is given.
 */

/**
 * A smallest part of `items` for which `fails` is still true, in their order. `items` as a whole must fail; the empty part is tried
 * first. With a test that always answers alike the result is 1-minimal: it fails, and no part of it with one item less was seen to.
 * With a test that misses some failures, a result may be larger than need be, but it is a part that was seen to fail.
 */
export async function ddmin<T>(
  items: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (items.length === 0 || (await fails([]))) return [];
  let current = items;
  let granularity = 2;
  while (current.length > 1) {
    const found = await firstFailing(current, granularity, fails);
    if (found !== null) {
      current = found.part;
      granularity = found.isComplement ? Math.max(granularity - 1, 2) : 2;
    } else if (granularity < current.length) {
      granularity = Math.min(granularity * 2, current.length);
    } else break;
  }
  return current;
}

/** Of the parts into which `items` are cut, and of what is left when one of them is taken away. */
async function firstFailing<T>(
  items: readonly T[],
  granularity: number,
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<{ readonly part: readonly T[]; readonly isComplement: boolean } | null> {
  const parts = cut(items, granularity);
  for (const part of parts) if (await fails(part)) return { part, isComplement: false };
  // With two parts, each is what the other leaves.
  if (granularity === 2) return null;
  for (const taken of parts) {
    const part = items.filter((item) => !taken.includes(item));
    if (await fails(part)) return { part, isComplement: true };
  }
  return null;
}

/** Into as many parts of nearly the same size as asked for, none of them empty while there are enough items. */
function cut<T>(items: readonly T[], count: number): T[][] {
  return Array.from({ length: count }, (_, index) =>
    items.slice(Math.floor((index * items.length) / count), Math.floor(((index + 1) * items.length) / count)),
  );
}
