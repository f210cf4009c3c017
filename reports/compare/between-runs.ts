/**
 * How far a figure of one more run may lie from those of several reference runs when only chance is between them. The runs,
 * not their seconds, show what differs from run to run: other load on the machine, the memory layout of a process.
 */
import { studentQuantile } from '../statistics/distributions.ts';

export interface Expectation {
  /** Geometric mean of the references. */
  readonly centre: number;
  /** Ratio to the centre that one more run of the same exceeds with the probability `tail`; the same downwards. */
  readonly limit: number;
}

/**
 * Prediction interval for one more value, by Student's t on the logarithms of `figures` (at least two, all above 0), since latencies
 * stray by ratios. `tail`: one-sided probability of a false positive.
 */
export function expectNext(figures: readonly number[], tail: number): Expectation {
  const logarithms = figures.map(Math.log);
  const runs = logarithms.length;
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / runs;
  const squares = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = Math.sqrt((squares / (runs - 1)) * (1 + 1 / runs));
  return { centre: Math.exp(mean), limit: Math.exp(studentQuantile(tail, runs - 1) * spread) };
}
