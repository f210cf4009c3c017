/** Finds the injection that a violation needs, among the many of one load. */

/**
 * The smallest set found that shows the violation, with what it showed. `show` runs a set and gives null when it held. Suspects are tried first, then
 * halves: a violation that needs injections of both halves stays with the set in which it was seen.
 */
export async function narrow<T, Shown>(
  all: readonly T[],
  shown: Shown,
  suspects: readonly T[],
  show: (set: readonly T[]) => Promise<Shown | null>,
  goOn: () => boolean,
): Promise<{ readonly set: readonly T[]; readonly shown: Shown }> {
  let found = { set: all, shown };
  const tryOut = async (set: readonly T[]): Promise<boolean> => {
    if (set.length === 0 || set.length >= found.set.length || !goOn()) return false;
    const seen = await show(set);
    if (seen === null) return false;
    found = { set, shown: seen };
    return true;
  };
  const [most] = suspects;
  if (most !== undefined && !(await tryOut([most])) && suspects.length > 1) await tryOut(suspects);
  while (found.set.length > 1 && goOn()) {
    const half = Math.ceil(found.set.length / 2);
    const { set } = found;
    if (!(await tryOut(set.slice(0, half))) && !(await tryOut(set.slice(half)))) break;
  }
  return found;
}
