/**
 * Runs a compound operation: under its locks, fenced, in one transaction with its idempotency key and its journal row; the
 * caches are told after the commit. However often it is run, it takes effect once and says whether it did so now or before.
 */
import type { Cache } from '../cache/cache.ts';
import { announce, journalOverlapMs } from '../cache/journal.ts';
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import type { ClientSession } from '../database/driver.ts';
import { isOutage } from '../database/outage.ts';
import { defaultCommitTimeMs, hasLabel, type TransactionRunner } from '../database/transaction.ts';
import type { Deadline } from '../deadline.ts';
import { SystemError } from '../errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { LockParts } from '../lock/acquire.ts';
import { drawFencingToken, isDuplicateKey } from '../lock/fence.ts';
import type { LockPolicy } from '../lock/policy.ts';
import { runWithDistributedLock } from '../lock/run-with-lock.ts';
import type { Random } from '../random.ts';
import { type AnswerData, recallAnswer, rememberAnswer } from './answered-requests.ts';
import { UnitOfWork } from './unit-of-work.ts';

export interface CompoundParts {
  readonly collections: Collections;
  readonly transactions: TransactionRunner;
  readonly cache: Cache;
  readonly lock: LockParts;
  readonly clock: Clock;
  readonly random: Random;
  /** The time by which things are due, the same for every process. */
  readonly serverTimeMs: () => Promise<number>;
}

/** `already`: it had been applied before; `data` is the same as then, as far as it is remembered. */
export interface CompoundResult {
  readonly outcome: 'already' | 'applied';
  readonly data: AnswerData;
}

export interface CompoundOperation {
  readonly sessionId: string;
  /** What is asked for, in words that tell it from anything else, for the idempotency key. */
  readonly request: Readonly<Record<string, string | number>>;
  readonly idempotencyKey?: string;
  /** Taken in this order; none for what the transaction alone keeps apart. */
  readonly locks: readonly { readonly key: string; readonly policy: LockPolicy }[];
  readonly commitTimeMs?: number;
  /** May run several times. A refusal is a thrown SystemError. */
  readonly body: (unit: UnitOfWork) => Promise<CompoundResult>;
}

/** Throws what the body refuses, `lock_not_acquired`, `fenced`, `idempotency_key_reused`, `outcome_unknown`, `database_unavailable`. */
export function runCompound(
  parts: CompoundParts,
  operation: CompoundOperation,
  deadline: Deadline,
): Promise<CompoundResult> {
  return underLocks(parts, operation, deadline, operation.locks, []);
}

interface HeldFence {
  readonly key: string;
  readonly token: number;
}

async function underLocks(
  parts: CompoundParts,
  operation: CompoundOperation,
  deadline: Deadline,
  wanted: CompoundOperation['locks'],
  held: readonly HeldFence[],
): Promise<CompoundResult> {
  const [next, ...rest] = wanted;
  if (next === undefined) return await transact(parts, operation, deadline, held);
  const context = { sessionId: operation.sessionId, ...operation.request };
  const run = await runWithDistributedLock(
    parts.lock,
    next.key,
    async () => {
      const token = await drawFencingToken(parts.collections, next.key);
      return await underLocks(parts, operation, deadline, rest, [...held, { key: next.key, token }]);
    },
    { ...next.policy, throwOnFail: true, deadline, context },
  );
  if (run.kind === 'skipped') throw new SystemError('lock_not_acquired', `${next.key} is held`);
  return run.value;
}

async function transact(
  parts: CompoundParts,
  operation: CompoundOperation,
  deadline: Deadline,
  held: readonly HeldFence[],
): Promise<CompoundResult> {
  const { collections, transactions, cache, clock, random } = parts;
  const keyed = keyedRequest(operation);
  let announcedMs = 0;
  const attempt = async (session: ClientSession) => {
    // Asked for while the first reads are under way, so that it costs no round trip of its own.
    const asked = parts.serverTimeMs();
    asked.catch(() => undefined);
    const answered = keyed && (await recallAnswer(collections, keyed, session));
    if (answered !== undefined) {
      return { result: { outcome: 'already', data: answered } as const, staleKeys: [] };
    }
    for (const fence of held) await useFence(collections, fence, session);
    const unit = new UnitOfWork(session, new Date(await asked), random);
    const result = await operation.body(unit);
    if (result.outcome === 'applied') {
      if (keyed !== undefined) {
        const answer = { sessionId: operation.sessionId, data: result.data, at: unit.now };
        await rememberAnswer(collections, keyed, answer, session);
      }
      announcedMs = clock.monotonicMs();
      await announce(collections.journal, random.uuid(), unit.staleKeys, session);
    }
    return { result, staleKeys: unit.staleKeys };
  };
  const commitTimeMs = operation.commitTimeMs ?? defaultCommitTimeMs;
  const { result, staleKeys } = await asSystemError(
    againAfterDuplicates(deadline, () => transactions.run(deadline, attempt, commitTimeMs)),
  );
  if (announcedMs > 0 && clock.monotonicMs() - announcedMs > journalOverlapMs / 2) {
    await announce(collections.journal, random.uuid(), staleKeys);
  }
  await cache.forget(staleKeys);
  return result;
}

/**
 * Proves that no newer holder has drawn a token, and keeps one from being drawn before the commit: both write the same row,
 * so they exclude each other.
 */
async function useFence(collections: Collections, fence: HeldFence, session: ClientSession): Promise<void> {
  const { matchedCount } = await collections.fences.updateOne(
    { _id: fence.key, token: fence.token },
    { $inc: { uses: 1 } },
    { session },
  );
  if (matchedCount !== 1) throw new SystemError('fenced', `${fence.key} was taken over by another process`);
}

/** Undefined for a request without a key of the client's. */
function keyedRequest(operation: CompoundOperation) {
  const { sessionId, idempotencyKey, request } = operation;
  if (idempotencyKey === undefined) return undefined;
  return { id: `${sessionId}:${idempotencyKey}`, fingerprint: fingerprintOf(request) };
}

/**
 * Two at once that insert under one unique key, such as the same Idempotency-Key or the next number of a general: the slower
 * one reads again and finds what the other did.
 */
async function againAfterDuplicates<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      deadline.check();
    }
  }
}

/** What the transaction runner throws, beside an open outcome, was not committed. */
async function asSystemError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof SystemError) throw cause;
    const passing = isOutage(cause) || hasLabel(cause, 'TransientTransactionError');
    const code = passing ? 'database_unavailable' : 'internal';
    throw new SystemError(code, 'the transaction was not committed', { definite: true, cause });
  }
}
