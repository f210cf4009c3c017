/** Finds the injection that a violation needs, among the many of one load. */

/** So many suspects are tried by themselves. */
const suspectsAlone = 3;
/** A set is divided into so many parts at most. */
const partsMost = 4;

/**
 * The smallest set found that shows the violation, with what it showed. `show` runs a set and gives null when it held. Suspects are tried first, each by
 * itself, then parts, and what is left without a part: the first steps of delta debugging (A. Zeller and R. Hildebrandt, "Simplifying and Isolating
 * Failure-Inducing Input", IEEE Transactions on Software Engineering 28, 2002).
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
  const firstOf = async (sets: readonly (readonly T[])[]): Promise<boolean> => {
    for (const set of sets) if (await tryOut(set)) return true;
    return false;
  };
  const alone = suspects.slice(0, suspectsAlone).map((suspect) => [suspect]);
  if (!(await firstOf(alone)) && suspects.length > 1) await tryOut(suspects);
  let parts = 2;
  while (found.set.length > 1 && goOn()) {
    const { set } = found;
    const divided = divide(set, parts);
    const without = parts === 2 ? [] : divided.map((part) => set.filter((one) => !part.includes(one)));
    if (await firstOf([...divided, ...without])) parts = 2;
    else if (parts >= Math.min(partsMost, set.length)) break;
    else parts *= 2;
  }
  return found;
}

function divide<T>(set: readonly T[], parts: number): T[][] {
  const size = Math.ceil(set.length / parts);
  return Array.from({ length: Math.ceil(set.length / size) }, (_, index) =>
    set.slice(index * size, (index + 1) * size),
  );
}
