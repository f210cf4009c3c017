/**
 * Stands in for `system/tournaments/pay-rewards.ts`: a reward is marked as paid and then paid. When the payment fails, nobody looks for it
 * again.
 */
import { durable } from '../../system/database/durability.ts';
import type { UpdateFilter } from '../../system/database/driver.ts';
import type { Deadline } from '../../system/deadline.ts';
import type { Reward, Tournament } from '../../system/models/tournament.ts';
import * as right from '../../system/tournaments/pay-rewards.ts';
import type { PayParts } from '../../system/tournaments/pay-rewards.ts';

export { isPaid, type PayParts } from '../../system/tournaments/pay-rewards.ts';

export async function payRewards(
  parts: PayParts,
  tournament: Tournament,
  deadline: Deadline,
): Promise<number> {
  let paid = 0;
  for (const reward of tournament.rewards.filter((one) => !one.paid)) {
    deadline.check();
    if (!(await mark(parts, tournament._id, reward))) continue;
    await right.payRewards(parts, { ...tournament, rewards: [reward] }, deadline);
    paid += 1;
  }
  return paid;
}

/** True for the one who marked it, who is then to pay it. */
async function mark({ collections }: PayParts, id: string, reward: Reward): Promise<boolean> {
  const { modifiedCount } = await collections.tournaments.documents.updateOne(
    { _id: id, rewards: { $elemMatch: { key: reward.key, no: reward.no, paid: false } } },
    { $set: { 'rewards.$.paid': true }, $inc: { pool: -reward.gold, version: 1 } } as UpdateFilter,
    durable,
  );
  return modifiedCount === 1;
}
