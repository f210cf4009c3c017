/** One round of a tournament, decided once and paid in the end: under the round's lock, fenced, without a transaction. */
import { durable } from '../database/durability.ts';
import type { Filter } from '../database/driver.ts';
import type { Deadline } from '../deadline.ts';
import { SystemError } from '../errors.ts';
import type { LockParts } from '../lock/acquire.ts';
import { drawFencingToken } from '../lock/fence.ts';
import { lockKeys } from '../lock/keys.ts';
import type { LockPolicy } from '../lock/policy.ts';
import { runWithDistributedLock } from '../lock/run-with-lock.ts';
import type { Tournament } from '../models/tournament.ts';
import { readFresh } from '../store/world-reads.ts';
import { decideRound } from './decide-round.ts';
import { type PayParts, payRewards } from './pay-rewards.ts';

export interface TournamentParts extends PayParts {
  readonly lock: LockParts;
  readonly policy: LockPolicy;
  /** The time by which rounds are due, the same for every process. */
  readonly serverTimeMs: () => Promise<number>;
}

/** `skipped`: another process is on it. `owed`: rewards that are yet to be paid. */
export interface RoundResult {
  readonly outcome: 'already' | 'applied' | 'skipped';
  readonly data: {
    readonly tournament: string;
    readonly round: number;
    readonly currentRound: number;
    readonly owed: number;
  };
}

/** Decides `round` if it is the next one, and pays what is owed in any case. Throws `tournament_unknown`, `round_not_due`. */
export async function playRound(
  parts: TournamentParts,
  sessionId: string,
  name: string,
  round: number,
  deadline: Deadline,
): Promise<RoundResult> {
  const id = `${sessionId}:t${name}`;
  const run = await runWithDistributedLock(
    parts.lock,
    lockKeys.tournamentRound(id, round),
    async () => {
      const token = await drawFencingToken(parts.collections, lockKeys.tournamentRound(id, round));
      const applied = await decide(parts, id, round, token);
      await payRewards(parts, await read(parts, id), deadline);
      return applied;
    },
    { ...parts.policy, deadline, context: { tournament: id, round } },
  );
  const now = await read(parts, id);
  const owed = now.rewards.filter(({ paid }) => !paid).length;
  const outcome = run.kind === 'skipped' ? 'skipped' : run.value ? 'applied' : 'already';
  return { outcome, data: { tournament: name, round, currentRound: now.round, owed } };
}

/** True when it was decided now; false when it had been before. */
async function decide(parts: TournamentParts, id: string, round: number, token: number): Promise<boolean> {
  for (;;) {
    const before = await read(parts, id);
    if (round <= before.round) return false;
    if (before.status === 'completed' || round !== before.round + 1) {
      throw new SystemError('round_not_due', `tournament ${id} is at round ${before.round}`, {
        field: 'round',
      });
    }
    const after = {
      ...decideRound(before, round, await parts.serverTimeMs()),
      fence: { round, token },
      version: before.version + 1,
      write_id: parts.random.uuid(),
      updated_at: new Date(parts.clock.nowMs()),
    };
    const filter = {
      _id: id,
      version: before.version,
      write_id: before.write_id,
      ...roundFence(round, token),
    };
    const { documents } = parts.collections.tournaments;
    const { matchedCount } = await documents.replaceOne(filter as Filter<Tournament>, after, durable);
    if (matchedCount === 1) return true;
    const now = await read(parts, id);
    if (now.fence.round === round && now.fence.token > token) {
      throw new SystemError('fenced', `round ${round} of ${id} was taken over`);
    }
    // A reward was marked as paid in between: decide from the new version.
  }
}

function roundFence(round: number, token: number) {
  return {
    $or: [{ 'fence.round': { $lt: round } }, { 'fence.round': round, 'fence.token': { $lte: token } }],
  };
}

async function read({ collections }: TournamentParts, id: string): Promise<Tournament> {
  const found = await readFresh(collections.tournaments, id);
  if (found === null) throw new SystemError('tournament_unknown', `there is no tournament ${id}`);
  return found;
}
