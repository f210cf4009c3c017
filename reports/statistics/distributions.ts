/**
 * Student's t and exact bounds of a share, both from the regularised incomplete beta function: how far a figure may vary
 * by chance when there are few runs to learn it from.
 */

const iterationsMax = 300;
const precision = 1e-14;
/** Keeps the continued fraction away from a division by nothing. */
const tiny = 1e-300;

/**
 * The value that Student's t with `degrees` of freedom exceeds with probability `tail`, 0 < tail < 0.5. Found by bisection, to about
 * ten digits.
 */
export function studentQuantile(tail: number, degrees: number): number {
  const exceeds = (t: number): number => incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  let high = 1;
  while (exceeds(high) > tail) high *= 2;
  return bisect((t) => exceeds(t) < tail, 0, high);
}

/**
 * Clopper and Pearson's upper bound (1934) of a share of which `hits` of `trials` were seen: with one larger, so few hits would come
 * with a probability below `tail`. 1 when every trial was a hit, or there was none.
 */
export function shareUpperBound(hits: number, trials: number, tail: number): number {
  if (hits >= trials) return 1;
  // P(at most `hits` of `trials`) as a tail of the beta distribution.
  const fewer = (share: number): number => incompleteBeta(1 - share, trials - hits, hits + 1);
  return bisect((share) => fewer(share) < tail, 0, 1);
}

/** The lower bound that goes with it; 0 when nothing was hit. */
export function shareLowerBound(hits: number, trials: number, tail: number): number {
  return hits === 0 ? 0 : 1 - shareUpperBound(trials - hits, trials, tail);
}

/** The place between `low` and `high` at which `beyond` becomes true. */
function bisect(beyond: (value: number) => boolean, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 100; step += 1) {
    const middle = (from + to) / 2;
    if (beyond(middle)) to = middle;
    else from = middle;
  }
  return (from + to) / 2;
}

/** I_x(a, b), by Lentz's evaluation of its continued fraction (Abramowitz and Stegun 26.5.8), on the side where that is quick. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  let [numerator, denominator, fraction] = [1, away(1 - ((a + b) * x) / (a + 1)), 0];
  denominator = 1 / denominator;
  fraction = denominator;
  for (let step = 1; step <= iterationsMax; step += 1) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step));
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1));
    let change = 1;
    for (const term of [even, odd]) {
      denominator = 1 / away(1 + term * denominator);
      numerator = away(1 + term / numerator);
      change = denominator * numerator;
      fraction *= change;
    }
    if (Math.abs(change - 1) < precision) break;
  }
  return (front * fraction) / a;
}

function away(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Stirling's series after the argument was raised to 10 or more, where it is good to fifteen digits. */
function logGamma(value: number): number {
  let [raised, correction] = [value, 0];
  while (raised < 10) {
    correction -= Math.log(raised);
    raised += 1;
  }
  const inverse = 1 / raised;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  return (raised - 0.5) * Math.log(raised) - raised + Math.log(2 * Math.PI) / 2 + series + correction;
}
