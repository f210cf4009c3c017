/**
 * One turn of one session, exactly once: under the session's turn lock, fenced by a token that only grows, with a guard in
 * every entity. Killed anywhere, it is completed by the next processor with no effect lost or doubled.
 */
import type { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import type { Deadline } from '../deadline.ts';
import { describeError, isDamaged, SystemError, throwDamaged, VersionConflictError } from '../errors.ts';
import type { LockParts } from '../lock/acquire.ts';
import { drawFencingToken } from '../lock/fence.ts';
import { lockKeys } from '../lock/keys.ts';
import type { LockPolicy } from '../lock/policy.ts';
import { runWithDistributedLock } from '../lock/run-with-lock.ts';
import type { Session } from '../models/session.ts';
import { readFresh } from '../store/world-reads.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import type { Logger } from '../observability/logger.ts';
import type { Random } from '../random.ts';
import { advanceCity, advanceGeneral, advanceNation } from './advance.ts';
import { advanceEntities, type AdvanceParts, type TurnWork } from './advance-entities.ts';
import { completeTurn } from './complete-turn.ts';
import { saveWhileMarked } from './save-marked.ts';
import { isTakeOver, shutOutOlderProcessors } from './take-over.ts';

export interface TurnParts {
  readonly lock: LockParts;
  readonly policy: LockPolicy;
  readonly collections: Collections;
  readonly cache: Cache;
  readonly saves: WorldSaves;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly instance: string;
  /** The time by which turns are due, the same for every process. */
  readonly serverTimeMs: () => Promise<number>;
  readonly advance: Omit<AdvanceParts, 'clock' | 'onDamaged' | 'saves'>;
}

/** `skipped`: another process is on it. */
export interface TurnResult {
  readonly outcome: 'already' | 'applied' | 'skipped';
  readonly currentTurn: number;
}

/**
 * Throws `session_unknown`, `turn_not_due` when `turn` is not the next one, and, when the work could not be ended, an error that
 * leaves it to the next processor.
 */
export async function processTurn(
  parts: TurnParts,
  sessionId: string,
  turn: number,
  deadline: Deadline,
): Promise<TurnResult> {
  const before = await readSession(parts, sessionId);
  const early = judgeNumber(before, turn);
  if (early !== undefined) return early;
  const run = await runWithDistributedLock(
    parts.lock,
    lockKeys.turn(sessionId),
    () => underLock(parts, sessionId, turn, deadline),
    { ...parts.policy, deadline, context: { sessionId, turn, instance: parts.instance } },
  );
  if (run.kind === 'ran') return run.value;
  const now = await readSession(parts, sessionId);
  if (now.turn >= turn) return { outcome: 'already', currentTurn: now.turn };
  parts.logger.info({ sessionId, turn, instance: parts.instance }, 'turn skipped, another process is on it');
  return { outcome: 'skipped', currentTurn: now.turn };
}

async function underLock(
  parts: TurnParts,
  sessionId: string,
  turn: number,
  deadline: Deadline,
): Promise<TurnResult> {
  const token = await drawFencingToken(parts.collections, lockKeys.turn(sessionId));
  const work = { sessionId, turn, token, deadline };
  const begun = await begin(parts, work);
  if ('outcome' in begun) return begun;
  try {
    await advanceAll(parts, work);
    const completed = await completeTurn(parts, begun.marked, work);
    return { outcome: 'applied', currentTurn: completed.turn };
  } catch (error) {
    if (isDamaged(error)) await handBack(parts, begun.marked, work);
    return await whenInterrupted(parts, work, error);
  }
}

/**
 * The session with this processor's mark on it, or why there is nothing to do. Others write the session too: a hire does. Whoever began
 * the turn before is shut out first, so that none of its writes can follow the first write of this processor.
 */
async function begin(parts: TurnParts, work: TurnWork): Promise<TurnResult | { marked: Session }> {
  const { sessionId, turn, token } = work;
  for (;;) {
    work.deadline.check();
    const before = await readSession(parts, sessionId);
    const settled = judgeNumber(before, turn);
    if (settled !== undefined) return settled;
    if ((before.turn_started?.token ?? 0) > token) return { outcome: 'skipped', currentTurn: before.turn };
    try {
      if (isTakeOver(before.turn_started, turn, token)) {
        parts.logger.info({ sessionId, turn, token, from: before.turn_started }, 'turn taken over');
        await shutOutOlderProcessors(parts, sessionId, token);
      }
      return { marked: await markStarted(parts, before, work) };
    } catch (error) {
      if (!(error instanceof VersionConflictError)) return await whenInterrupted(parts, work, error);
    }
  }
}

/** Before the first effect, so that the next processor knows that there may be some. */
async function markStarted(parts: TurnParts, session: Session, work: TurnWork): Promise<Session> {
  const after = { ...session, turn_started: { turn: work.turn, token: work.token, by: parts.instance } };
  return await parts.saves.saveSession(
    { before: session, after },
    { deadline: work.deadline, fence: work.token },
  );
}

/** Throws `document_damaged` when everything else is done and durable. */
async function advanceAll(parts: TurnParts, work: TurnWork): Promise<void> {
  const damaged: SystemError[] = [];
  const onDamaged = (error: SystemError) => void damaged.push(error);
  const advance = { ...parts.advance, saves: parts.saves, clock: parts.clock, onDamaged };
  const { city, general, nation } = parts.collections.entities;
  await advanceEntities(advance, general, advanceGeneral, work);
  await advanceEntities(advance, city, advanceCity, work);
  await advanceEntities(advance, nation, advanceNation, work);
  throwDamaged(damaged);
}

/**
 * Takes this processor's mark off a turn of which nothing of its own is under way any more, so that the next one continues it
 * instead of shutting this one out. The turn stays begun: entities that had it are not found again.
 */
async function handBack(parts: TurnParts, marked: Session, work: TurnWork): Promise<void> {
  try {
    await saveWhileMarked(parts, marked, work, (session) => ({ ...session, turn_started: null }));
  } catch (error) {
    parts.logger.info({ sessionId: work.sessionId, error: describeError(error) }, 'turn not handed back');
  }
}

/** Written by another processor: then it has the turn, or the turn is done. Anything else leaves a part of the turn done. */
async function whenInterrupted(parts: TurnParts, work: TurnWork, error: unknown): Promise<TurnResult> {
  const overtaken =
    error instanceof VersionConflictError || (error instanceof SystemError && error.code === 'fenced');
  if (!overtaken) {
    const message = `turn ${work.turn} of ${work.sessionId} was begun and not ended`;
    throw new SystemError('turn_incomplete', message, { cause: error });
  }
  const now = await readSession(parts, work.sessionId);
  return { outcome: now.turn >= work.turn ? 'already' : 'skipped', currentTurn: now.turn };
}

async function readSession(parts: TurnParts, sessionId: string): Promise<Session> {
  const session = await readFresh(parts.collections.entities.session, sessionId);
  if (session === null) throw new SystemError('session_unknown', `there is no session ${sessionId}`);
  return session;
}

/** Undefined when `turn` is the one to process. */
function judgeNumber(session: Session, turn: number): TurnResult | undefined {
  if (turn <= session.turn) return { outcome: 'already', currentTurn: session.turn };
  if (turn === session.turn + 1) return undefined;
  throw new SystemError('turn_not_due', `the next turn of ${session._id} is ${session.turn + 1}`, {
    field: 'turn',
  });
}
