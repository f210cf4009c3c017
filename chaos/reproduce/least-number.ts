/** How small a quantity may become: bisection between a value that is known to fail and one that is known not to. Pure. */

/**
 * The smallest whole number found above `passing`, down from `failing`, for which `fails` is true; `failing` itself when there is none.
 * Stops when the two are as close as `closeEnough` (a share of the failing one). Where failing does not grow with the number, the
 * result is a number that fails, and not always the smallest.
 */
export async function leastFailing(
  range: { readonly failing: number; readonly passing: number; readonly closeEnough: number },
  fails: (value: number) => Promise<boolean>,
): Promise<number> {
  let { failing, passing } = range;
  while (failing - passing > Math.max(1, failing * range.closeEnough)) {
    const middle = Math.floor((failing + passing) / 2);
    if (await fails(middle)) failing = middle;
    else passing = middle;
  }
  return failing;
}
