/** Quantiles of Student's t: what an interval from few points has to be widened by, compared with one from many. */

/** 97.5 % quantiles for 1, 2, … degrees of freedom; beyond the table the normal's. */
const quantiles975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
export const normal975 = 1.96;

/** For a two-sided interval of 95 %. `degrees` is at least 1. */
export function student975(degrees: number): number {
  return quantiles975[degrees - 1] ?? normal975;
}
