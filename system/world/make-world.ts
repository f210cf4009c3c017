/** Makes a world once for each Idempotency-Key: the session and the memory of the request are there together, or neither. */
import { createHash } from 'node:crypto';
import { recallAnswer, rememberAnswer } from '../compound/answered-requests.ts';
import type { CompoundResult } from '../compound/run-compound.ts';
import type { Collections } from '../database/collections.ts';
import type { TransactionRunner } from '../database/transaction.ts';
import type { Deadline } from '../deadline.ts';
import { SystemError } from '../errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { LockParts } from '../lock/acquire.ts';
import { lockKeys } from '../lock/keys.ts';
import type { LockPolicy } from '../lock/policy.ts';
import { runWithDistributedLock } from '../lock/run-with-lock.ts';
import type { Random } from '../random.ts';
import { generateWorld, type World } from './generate.ts';
import type { WorldPlan } from './plan.ts';
import { plantWorld } from './plant-world.ts';

export interface WorldParts {
  readonly collections: Collections;
  readonly transactions: TransactionRunner;
  readonly lock: LockParts;
  readonly policy: LockPolicy;
  readonly random: Random;
  /** The time by which turns are due, the same for every process. */
  readonly serverTimeMs: () => Promise<number>;
}

export interface WorldRequest {
  readonly plan: Omit<WorldPlan, 'nowMs' | 'sessionId'>;
  /** One is made when absent. */
  readonly sessionId: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** Throws `session_exists`, `idempotency_key_reused`, `lock_not_acquired`, and what the lock and the database throw. */
export async function makeWorld(
  parts: WorldParts,
  request: WorldRequest,
  deadline: Deadline,
): Promise<CompoundResult> {
  const keyed = keyedRequest(request);
  const sessionId = request.sessionId ?? newSessionId(parts.random, request.idempotencyKey);
  const run = await runWithDistributedLock(
    parts.lock,
    lockKeys.session(sessionId),
    async (): Promise<CompoundResult> => {
      const answered = keyed && (await recallAnswer(parts.collections, keyed));
      if (answered !== undefined) return { outcome: 'already', data: answered };
      const at = new Date(await parts.serverTimeMs());
      const world = generateWorld({ ...request.plan, sessionId, nowMs: at.getTime() });
      const data = describeWorld(world);
      await plantWorld(parts.collections, world, (session) =>
        parts.transactions.run(deadline, async (transaction) => {
          await parts.collections.entities.session.documents.insertOne(session, { session: transaction });
          if (keyed === undefined) return;
          await rememberAnswer(parts.collections, keyed, { sessionId, data, at }, transaction);
        }),
      );
      return { outcome: 'applied', data };
    },
    { ...parts.policy, throwOnFail: true, deadline, context: { sessionId, work: 'make a world' } },
  );
  if (run.kind === 'skipped')
    throw new SystemError('lock_not_acquired', `session ${sessionId} is being made`);
  return run.value;
}

function keyedRequest({ plan, sessionId, idempotencyKey }: WorldRequest) {
  if (idempotencyKey === undefined) return undefined;
  // No session has a slash in its name, so that no key of a session's own requests is like it.
  return { id: `admin/sessions:${idempotencyKey}`, fingerprint: fingerprintOf({ ...plan, sessionId }) };
}

/** The same for the same key, so that a request that is sent again goes on with the world it began. */
function newSessionId(random: Random, idempotencyKey: string | undefined): string {
  const name =
    idempotencyKey === undefined
      ? random.uuid()
      : createHash('sha256').update(`session of ${idempotencyKey}`).digest('hex');
  return `s-${name.slice(0, 13)}`;
}

function describeWorld(world: World) {
  return {
    sessionId: world.session._id,
    generals: world.generals.length,
    cities: world.cities.length,
    nations: world.nations.length,
    items: world.items.length,
    battles: world.battles.length,
    relations: world.relations.length,
    tournaments: world.tournaments.length,
  };
}
