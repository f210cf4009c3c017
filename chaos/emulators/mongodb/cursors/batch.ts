/** Takes the next batch of a cursor and writes it as `find`, `aggregate` and `getMore` reply with it. */
import { Long } from 'bson';
import type { Operation } from '../commands/operation.ts';
import { documentBytesMax } from '../commands/incoming-document.ts';
import type { Document } from '../storage/contract.ts';
import type { RawDocument } from '../wire/reply-writer.ts';
import type { Cursor, CursorSource, NewCursor } from './cursor-store.ts';

/** MongoDB's first batch when the client names no size. */
const firstBatchDocuments = 101;

export interface BatchLimits {
  /** undefined: as MongoDB chooses. */
  readonly batchSize: number | undefined;
}

export interface FirstBatchOptions extends BatchLimits {
  readonly namespace: string;
  readonly source: CursorSource;
  readonly singleBatch: boolean;
  readonly noTimeout: boolean;
}

interface Batch {
  readonly documents: RawDocument[];
  readonly isEnd: boolean;
}

function takeBatch(
  source: CursorSource,
  documentsMax: number,
  isFirst: boolean,
  operation: Operation,
): Batch {
  const documents: RawDocument[] = [];
  let bytes = 0;
  while (documents.length < documentsMax) {
    if (source.held === undefined) {
      operation.interruption.throwIfInterrupted();
      const next = source.documents.next();
      if (next.done === true) return { documents, isEnd: source.isTailable !== true };
      source.held = next.value;
    }
    bytes += source.held.bytes.length;
    if (documents.length > 0 && bytes > documentBytesMax) return { documents, isEnd: false };
    documents.push(source.held);
    source.held = undefined;
  }
  return { documents, isEnd: source.isAtEnd?.() === true && !(isFirst && documentsMax === 0) };
}

/** The reply with `firstBatch`; the cursor stays open when there may be more. */
export function firstBatch(operation: Operation, options: FirstBatchOptions): Document {
  const { namespace, source, singleBatch, batchSize } = options;
  const { server, session, transaction, readConcern } = operation;
  const atClusterTime =
    readConcern.level === 'snapshot' && transaction === undefined ? server.clusterClock.now() : undefined;
  const snapshotTime = readConcern.atClusterTime ?? atClusterTime;
  const { documents, isEnd } = takeBatch(source, batchSize ?? firstBatchDocuments, true, operation);
  let id = 0n;
  if (isEnd || singleBatch) closeSource(source);
  else {
    operation.keepSnapshot();
    const cursor: NewCursor = {
      namespace,
      source,
      sessionId: session?.id,
      transactionNumber: transaction?.number,
      noTimeout: options.noTimeout,
      readsDurable: readConcern.level === 'majority' || readConcern.level === 'snapshot',
      atClusterTime: snapshotTime,
    };
    id = server.cursors.add(cursor).id;
  }
  return {
    cursor: {
      firstBatch: documents,
      id: Long.fromBigInt(id),
      ns: namespace,
      ...resumePoint(source),
      ...(snapshotTime === undefined ? {} : { atClusterTime: snapshotTime }),
    },
  };
}

/** The reply with `nextBatch`; the cursor is closed when there is no more. */
export function nextBatch(operation: Operation, cursor: Cursor, { batchSize }: BatchLimits): Document {
  const wanted = batchSize === undefined || batchSize === 0 ? Number.POSITIVE_INFINITY : batchSize;
  const { documents, isEnd } = takeBatch(cursor.source, wanted, false, operation);
  if (isEnd) operation.server.cursors.close(cursor.id);
  return {
    cursor: {
      nextBatch: documents,
      id: Long.fromBigInt(isEnd ? 0n : cursor.id),
      ns: cursor.namespace,
      ...resumePoint(cursor.source),
      ...(cursor.atClusterTime === undefined ? {} : { atClusterTime: cursor.atClusterTime }),
    },
  };
}

function resumePoint(source: CursorSource): Document {
  return source.resumeToken === undefined ? {} : { postBatchResumeToken: source.resumeToken() };
}

function closeSource(source: CursorSource): void {
  source.documents.return?.();
  source.close();
}
