/** The memory of requests that change several documents: kept in the transaction of their effect, so that neither is there without the other. */
import type { AnsweredRequest, Collections } from '../database/collections.ts';
import type { ClientSession } from '../database/driver.ts';
import { SystemError } from '../errors.ts';

export type AnswerData = AnsweredRequest['data'];

interface KeyedRequest {
  /** Of the row; unique for key and scope. */
  readonly id: string;
  readonly fingerprint: string;
}

/** What the request was answered before; undefined when it is new. Throws `idempotency_key_reused`. */
export async function recallAnswer(
  { answeredRequests }: Pick<Collections, 'answeredRequests'>,
  request: KeyedRequest,
  session?: ClientSession,
): Promise<AnswerData | undefined> {
  const found = await answeredRequests.findOne({ _id: request.id }, session === undefined ? {} : { session });
  if (found === null) return undefined;
  if (found.fingerprint !== request.fingerprint) {
    throw new SystemError('idempotency_key_reused', 'this key was used for another request', {
      field: 'idempotency-key',
    });
  }
  return found.data;
}

interface Answer {
  readonly sessionId: string;
  readonly data: AnswerData;
  /** By the database's clock, which ends the row. */
  readonly at: Date;
}

export async function rememberAnswer(
  { answeredRequests }: Pick<Collections, 'answeredRequests'>,
  { id, fingerprint }: KeyedRequest,
  { sessionId, data, at }: Answer,
  session: ClientSession,
): Promise<void> {
  await answeredRequests.insertOne({ _id: id, session_id: sessionId, fingerprint, data, at }, { session });
}
