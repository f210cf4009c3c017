/**
 * The end of warming up is found in the data and not by a clock: MSER-5 (White, Cobb and Spratt, "A comparison of five steady-state
 * truncation heuristics for simulation", 2000) leaves out the start without which the mean of the rest is known best.
 */
const batchSize = 5;
/** A start longer than half the series would leave too short a rest. */
const truncatedShareMax = 0.5;
const batchesMinimum = 8;

export interface Steady {
  /** Index of the first observation that is kept. */
  readonly from: number;
  /** False when the best cut lies at its limit or there are too few observations: then the series may not have become steady. */
  readonly steady: boolean;
}

/** `series`: observations in the order of time, such as requests ended in each 20 ms. */
export function steadyFrom(series: readonly number[]): Steady {
  const batches = Array.from({ length: Math.floor(series.length / batchSize) }, (_, index) => {
    const batch = series.slice(index * batchSize, (index + 1) * batchSize);
    return batch.reduce((sum, value) => sum + value, 0) / batchSize;
  });
  if (batches.length < batchesMinimum) return { from: 0, steady: false };
  const limit = Math.floor(batches.length * truncatedShareMax);
  let best = { cut: 0, error: Number.POSITIVE_INFINITY };
  // Sums from the end, so that each cut costs one step.
  let sum = 0;
  let squares = 0;
  for (let cut = batches.length - 1; cut >= 0; cut -= 1) {
    const value = batches[cut] ?? 0;
    sum += value;
    squares += value * value;
    if (cut > limit) continue;
    const kept = batches.length - cut;
    const error = Math.max(0, squares - (sum * sum) / kept) / kept ** 2;
    if (error <= best.error) best = { cut, error };
  }
  return { from: best.cut * batchSize, steady: best.cut < limit };
}

/** Relative half-width of the 95 % interval of the mean, by batch means; infinite with too few observations. */
export function relativeHalfWidth(series: readonly number[]): number {
  const count = Math.floor(series.length / batchSize);
  if (count < batchesMinimum) return Number.POSITIVE_INFINITY;
  // Fewer, longer batches: neighbours that depend on each other fall into one.
  const size = Math.floor(series.length / batchesMinimum);
  const means = Array.from({ length: batchesMinimum }, (_, index) => {
    const batch = series.slice(index * size, (index + 1) * size);
    return batch.reduce((sum, value) => sum + value, 0) / size;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  if (mean === 0) return Number.POSITIVE_INFINITY;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (means.length - 1);
  return (studentOfBatches * Math.sqrt(variance / means.length)) / Math.abs(mean);
}

/** 97.5 % of Student's t with one less degree of freedom than there are batches. */
const studentOfBatches = 2.365;
