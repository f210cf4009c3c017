/** An order drawn from the seed, so that whatever drifts on the machine hits all levels alike (Fisher and Yates). */
import type { Random } from '../random.ts';

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = random.integer(0, index);
    const [left, right] = [order[index], order[other]];
    if (left === undefined || right === undefined) continue;
    order[index] = right;
    order[other] = left;
  }
  return order;
}
