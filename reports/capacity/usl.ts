/**
 * The Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007): throughput X(N) = λN / (1 + σ(N−1) + κN(N−1)). λ is the
 * throughput of one, σ the share of the work that is done one at a time (contention), κ the cost of keeping processes consistent (coherency).
 */
export interface UslPoint {
  /** Requests at once, at least 1; repeats are points of their own. */
  readonly concurrency: number;
  /** Requests a second, above 0. */
  readonly throughput: number;
}

export interface Usl {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
}

export function uslThroughput({ lambda, sigma, kappa }: Usl, concurrency: number): number {
  return (lambda * concurrency) / (1 + sigma * (concurrency - 1) + kappa * concurrency * (concurrency - 1));
}

/** Where throughput is highest; infinite when it never falls. */
export function peakConcurrency({ sigma, kappa }: Usl): number {
  if (sigma >= 1) return 1;
  return kappa === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.sqrt((1 - sigma) / kappa));
}

/** The highest throughput, or the ceiling that it approaches; infinite when nothing bounds it. */
export function peakThroughput(usl: Usl): number {
  const peak = peakConcurrency(usl);
  if (Number.isFinite(peak)) return uslThroughput(usl, peak);
  return usl.sigma === 0 ? Number.POSITIVE_INFINITY : usl.lambda / usl.sigma;
}

/** The knee: where the line without waiting, λN, meets the ceiling. More at once than this only wait longer. */
export function kneeConcurrency(usl: Usl): number {
  return peakThroughput(usl) / usl.lambda;
}

const reweightings = 5;

/**
 * Least squares of relative errors under σ ≥ 0 and κ ≥ 0. The law is linear in 1/λ, σ/λ and κ/λ when written for N/X, so that each round of
 * reweighting is solved exactly, in each of the four cases of what is zero.
 */
export function fitUsl(points: readonly UslPoint[]): Usl {
  let best: Coefficients = [1, 0, 0];
  for (let round = 0; round < reweightings; round += 1) {
    best = bestOfCases(normalEquations(points, round === 0 ? null : best));
  }
  const [inverse, contention, coherency] = best;
  return { lambda: 1 / inverse, sigma: contention / inverse, kappa: coherency / inverse };
}

type Coefficients = readonly [number, number, number];

/** Rows of the symmetric matrix of 1, N−1 and N(N−1), and last of N/X. */
type Equations = readonly (readonly number[])[];

/** Weighted by the relative error: of the measured values at first, then of those that the last fit predicts. */
function normalEquations(points: readonly UslPoint[], last: Coefficients | null): Equations {
  const sums = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  for (const { concurrency, throughput } of points) {
    const more = concurrency - 1;
    const row = [1, more, concurrency * more, concurrency / throughput];
    const value = last === null ? (row[3] ?? 1) : last[0] + last[1] * more + last[2] * concurrency * more;
    const weight = 1 / Math.max(Number.MIN_VALUE, value * value);
    for (let left = 0; left < 4; left += 1) {
      const line = sums[left] ?? [];
      for (let right = 0; right < 4; right += 1)
        line[right] = (line[right] ?? 0) + weight * (row[left] ?? 0) * (row[right] ?? 0);
    }
  }
  return sums;
}

const cases = [[0, 1, 2], [0, 1], [0, 2], [0]] as const;

function bestOfCases(equations: Equations): Coefficients {
  let best: { readonly coefficients: Coefficients; readonly error: number } | null = null;
  for (const used of cases) {
    const solution = eliminate(
      used.map((row) => [...used, 3].map((column) => equations[row]?.[column] ?? 0)),
    );
    if (solution === null) continue;
    const coefficients = [0, 0, 0];
    used.forEach((column, index) => (coefficients[column] = solution[index] ?? 0));
    const [inverse = 0, contention = 0, coherency = 0] = coefficients;
    if (inverse <= 0 || contention < 0 || coherency < 0) continue;
    // Of least squares the error falls by as much as the solution explains.
    const error = -used.reduce<number>(
      (sum, row) => sum + (coefficients[row] ?? 0) * (equations[row]?.[3] ?? 0),
      0,
    );
    if (best === null || error < best.error) best = { coefficients: [inverse, contention, coherency], error };
  }
  return best?.coefficients ?? [1, 0, 0];
}

/** Gauss–Jordan elimination with pivots of an augmented matrix; null when it is singular. */
function eliminate(matrix: number[][]): number[] | null {
  const size = matrix.length;
  for (let column = 0; column < size; column += 1) {
    const rest = matrix.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const pivotAt = column + rest.indexOf(Math.max(...rest));
    const pivot = matrix[pivotAt];
    const current = matrix[column];
    if (pivot === undefined || current === undefined || Math.abs(pivot[column] ?? 0) < 1e-300) return null;
    [matrix[column], matrix[pivotAt]] = [pivot, current];
    const scale = pivot[column] ?? 1;
    for (const [index, row] of matrix.entries()) {
      if (index === column) continue;
      const factor = (row[column] ?? 0) / scale;
      for (let at = column; at <= size; at += 1) row[at] = (row[at] ?? 0) - factor * (pivot[at] ?? 0);
    }
  }
  return matrix.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}
