/**
 * Stands in for `system/tournaments/pay-rewards.ts`: whether a general has his reward already is told by the tournament's mark alone, which is
 * set after the payment. Who pays at the same time, or again after a failure, pays twice.
 */
import type { Deadline } from '../../system/deadline.ts';
import { VersionConflictError } from '../../system/errors.ts';
import type { Reward, Tournament } from '../../system/models/tournament.ts';
import { readFresh } from '../../system/store/world-reads.ts';
import { isPaid, markPaid, type PayParts } from '../../system/tournaments/pay-rewards.ts';

export { isPaid, markPaid };

export async function payRewards(
  parts: PayParts,
  tournament: Tournament,
  deadline: Deadline,
): Promise<number> {
  let paid = 0;
  for (const reward of tournament.rewards.filter((one) => !one.paid)) {
    await pay(parts, tournament, reward, deadline);
    if (await markPaid(parts, tournament._id, reward)) paid += 1;
  }
  return paid;
}

async function pay(parts: PayParts, tournament: Tournament, reward: Reward, deadline: Deadline) {
  for (;;) {
    deadline.check();
    const id = `${tournament.session_id}:g${reward.no}`;
    const before = await readFresh(parts.collections.entities.general, id);
    if (before === null) return;
    const after = { ...before, gold: before.gold + reward.gold, rewards: [...before.rewards, reward.key] };
    try {
      await parts.saves.saveGeneral({ before, after }, { deadline });
      return;
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw error;
    }
  }
}
