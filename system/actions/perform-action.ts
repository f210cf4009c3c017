/**
 * A player's action: read the general, apply the command, save; when another write was faster, again from what the database
 * holds now. An action takes effect once, however often its request is sent, also when answers were lost.
 */
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import type { Deadline } from '../deadline.ts';
import { SystemError, VersionConflictError } from '../errors.ts';
import type { ActionResult, General } from '../models/general.ts';
import { readFresh, type WorldReads } from '../store/world-reads.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import type { Random } from '../random.ts';
import { applyCommand, type Command } from './command.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { fingerprint, mayBeForgotten, recall, remember } from './remembered-answer.ts';

export interface ActionParts {
  readonly collections: Collections;
  readonly reads: WorldReads;
  readonly saves: WorldSaves;
  readonly queue: KeyedQueue;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ActionRequest {
  readonly sessionId: string;
  readonly no: number;
  readonly command: Command;
  readonly idempotencyKey: string;
}

export interface ActionAnswer {
  readonly outcome: 'already' | 'applied';
  readonly result: ActionResult;
}

/** Throws `general_unknown`, `idempotency_key_reused`, `contention`, and what reads and saves throw. */
export function performAction(
  parts: ActionParts,
  request: ActionRequest,
  deadline: Deadline,
): Promise<ActionAnswer> {
  const key = `${request.sessionId}:${request.no}`;
  return parts.queue.run(key, deadline, () => attemptUntilSaved(parts, request, deadline));
}

async function attemptUntilSaved(
  parts: ActionParts,
  request: ActionRequest,
  deadline: Deadline,
): Promise<ActionAnswer> {
  const { reads, collections, clock, random } = parts;
  let general = await deadline.race(reads.getGeneralByNo(request.sessionId, request.no));
  /** Version from which an attempt was made whose effect may have been applied and hidden by later writes. */
  let uncertainSince: number | undefined;
  for (let attempt = 0; ; attempt += 1) {
    if (general === null) throw unknownGeneral(request);
    const answered = answerFrom(general, request, uncertainSince);
    if (answered !== undefined) return answered;
    try {
      return await save(parts, general, request, deadline);
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw stillUncertain(error, uncertainSince);
      if (error.mayHaveApplied) uncertainSince ??= general.version;
    }
    if (deadline.remainingMs() < minimumAttemptMs) throw outOfTime(uncertainSince);
    try {
      await clock.sleep(random.next() * Math.min(2 ** attempt, 50), deadline.signal);
      general = await deadline.race(readFresh(collections.entities.general, general._id));
    } catch (error) {
      throw stillUncertain(error, uncertainSince);
    }
  }
}

/** A later attempt that certainly had no effect says nothing about an earlier one that may have had. */
function stillUncertain(error: unknown, uncertainSince: number | undefined): unknown {
  if (uncertainSince === undefined || !(error instanceof SystemError) || !error.definite) return error;
  return new SystemError('outcome_unknown', 'an earlier attempt may have been applied', { cause: error });
}

const minimumAttemptMs = 100;

/** Undefined when the command is yet to be applied. */
function answerFrom(
  general: General,
  request: ActionRequest,
  uncertainSince: number | undefined,
): ActionAnswer | undefined {
  const remembered = recall(general, request.idempotencyKey, fingerprint(request.command));
  if (remembered.kind === 'answered') return { outcome: 'already', result: remembered.result };
  if (remembered.kind === 'reused') {
    throw new SystemError('idempotency_key_reused', 'this key was used for another command', {
      field: 'idempotency-key',
    });
  }
  if (uncertainSince !== undefined && mayBeForgotten(general, uncertainSince)) {
    throw new SystemError('outcome_unknown', 'later actions hide whether this one was applied');
  }
  return undefined;
}

async function save(
  parts: ActionParts,
  before: General,
  request: ActionRequest,
  deadline: Deadline,
): Promise<ActionAnswer> {
  const acted = applyCommand(before, request.command, parts.clock.nowMs());
  const result = { no: before.no, version: before.version + 1, actionCount: acted.action_count };
  const after = remember(acted, request.idempotencyKey, fingerprint(request.command), result);
  await parts.saves.saveGeneral({ before, after }, { deadline });
  return { outcome: 'applied', result };
}

function unknownGeneral(request: ActionRequest): SystemError {
  return new SystemError('general_unknown', `there is no general ${request.no} in ${request.sessionId}`);
}

function outOfTime(uncertainSince: number | undefined): SystemError {
  return uncertainSince === undefined
    ? new SystemError('contention', 'others changed the general all the time')
    : new SystemError('outcome_unknown', 'it can not be told in time whether the action was applied');
}
