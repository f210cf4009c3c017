/**
 * Pays what a tournament owes, without a transaction: the general's document holds the keys of the rewards that were paid, so gold
 * and key are one write. Only then the tournament's own mark is set; killed in between, the next attempt finds the key.
 */
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { isDamaged, type SystemError, throwDamaged, VersionConflictError } from '../errors.ts';
import type { General } from '../models/general.ts';
import type { Reward, Tournament } from '../models/tournament.ts';
import { readFresh } from '../store/world-reads.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import type { Random } from '../random.ts';

export interface PayParts {
  readonly collections: Collections;
  readonly saves: WorldSaves;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * How many rewards were marked as paid now. Throws as reads and saves do; the rest is paid by the next attempt. Damaged generals are
 * passed over: once all others are paid, it throws a `document_damaged` that names them.
 */
export async function payRewards(
  parts: PayParts,
  tournament: Tournament,
  deadline: Deadline,
): Promise<number> {
  let paid = 0;
  const damaged: SystemError[] = [];
  for (const reward of tournament.rewards) {
    if (reward.paid) continue;
    try {
      const has = await pay(parts, tournament, reward, deadline);
      if (has && (await markPaid(parts, tournament._id, reward))) paid += 1;
    } catch (error) {
      if (!isDamaged(error)) throw error;
      damaged.push(error);
    }
  }
  throwDamaged(damaged);
  return paid;
}

/** True when the general has the reward now, by this or an earlier payment. */
async function pay(
  parts: PayParts,
  tournament: Tournament,
  reward: Reward,
  deadline: Deadline,
): Promise<boolean> {
  for (;;) {
    deadline.check();
    const id = `${tournament.session_id}:g${reward.no}`;
    const before = await readFresh(parts.collections.entities.general, id);
    // Generals are never deleted; if one is missing, the reward stays in the pool.
    if (before === null) return false;
    if (isPaid(before, reward)) return true;
    const after = { ...before, gold: before.gold + reward.gold, rewards: [...before.rewards, reward.key] };
    try {
      await parts.saves.saveGeneral({ before, after }, { deadline });
      return true;
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw error;
      await parts.clock.sleep(parts.random.next() * 20, deadline.signal);
    }
  }
}

export function isPaid(general: Pick<General, 'rewards'>, reward: Pick<Reward, 'key'>): boolean {
  return general.rewards.includes(reward.key);
}

/** True for the call that marked it. The mark and the gold it takes from the pool are one write; a second one changes nothing. */
export async function markPaid(
  { collections, random }: PayParts,
  id: string,
  reward: Reward,
): Promise<boolean> {
  const { modifiedCount } = await collections.tournaments.documents.updateOne(
    { _id: id, rewards: { $elemMatch: { key: reward.key, no: reward.no, paid: false } } },
    {
      $set: { 'rewards.$.paid': true, write_id: random.uuid() },
      $inc: { pool: -reward.gold, version: 1 },
      $currentDate: { updated_at: true },
    },
    durable,
  );
  return modifiedCount === 1;
}
