/**
 * Stands in for `system/tournaments/pay-rewards.ts`: a reward is marked as paid and then paid. When the payment fails, nobody looks for it
 * again.
 */
import type { Deadline } from '../../system/deadline.ts';
import type { Tournament } from '../../system/models/tournament.ts';
import * as right from '../../system/tournaments/pay-rewards.ts';
import type { PayParts } from '../../system/tournaments/pay-rewards.ts';

export { isPaid, markPaid, type PayParts } from '../../system/tournaments/pay-rewards.ts';

export async function payRewards(
  parts: PayParts,
  tournament: Tournament,
  deadline: Deadline,
): Promise<number> {
  let paid = 0;
  for (const reward of tournament.rewards.filter((one) => !one.paid)) {
    deadline.check();
    // Who marked it is then to pay it.
    if (!(await right.markPaid(parts, tournament._id, reward))) continue;
    await right.payRewards(parts, { ...tournament, rewards: [reward] }, deadline);
    paid += 1;
  }
  return paid;
}
