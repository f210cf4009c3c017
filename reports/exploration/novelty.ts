/**
 * How likely one more injection shows a behaviour that was not seen yet: the estimate of Good and Turing, the share of behaviours that were seen once.
 * I. J. Good, "The population frequencies of species and the estimation of population parameters", Biometrika 40 (1953).
 */

export interface Novelty {
  readonly injections: number;
  readonly behaviours: number;
  /** The estimate, 0 to 1. */
  readonly share: number;
  /** Upper end of its 95 % interval: with the variance of Good's paper, and by the rule of three where nothing was seen once. */
  readonly upTo: number;
}

const z95 = 1.96;

/** `behaviours`: one for each injection, in any order. */
export function noveltyOf(behaviours: readonly string[]): Novelty {
  const total = behaviours.length;
  if (total === 0) return { injections: 0, behaviours: 0, share: 1, upTo: 1 };
  const counts = [...Map.groupBy(behaviours, (one) => one).values()].map(({ length }) => length);
  const seenTimes = (times: number): number => counts.filter((count) => count === times).length;
  const [once, twice] = [seenTimes(1), seenTimes(2)];
  const share = once / total;
  const deviation = Math.sqrt(Math.max(0, once + 2 * twice - (once * once) / total)) / total;
  const upTo = once === 0 ? Math.max(3 / total, z95 * deviation) : share + z95 * deviation;
  return { injections: total, behaviours: counts.length, share, upTo: Math.min(1, upTo) };
}
