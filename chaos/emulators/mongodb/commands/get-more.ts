/** getMore: the next batch of an open cursor. */
import { MongoError, asMongoError, locationError } from '../errors.ts';
import { nextBatch } from '../cursors/batch.ts';
import type { Cursor } from '../cursors/cursor-store.ts';
import { cursorIdOf } from './cursor-id.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import type { Command } from './command.ts';
import { namespaceOf } from './namespace.ts';
import type { Operation } from './operation.ts';

export const getMore: Command = {
  name: 'getMore',
  kind: 'administration',
  inTransaction: true,
  fields: ['batchSize', 'collection', 'lastKnownCommittedOpTime', 'term'],
  run: (operation) => {
    const { server, arguments: given } = operation;
    server.counters.operations.getmore += 1;
    const id = cursorIdOf(operation.body['getMore'], 'getMore.getMore');
    const namespace = namespaceOf(operation.database, given.requiredString('collection'));
    const batchSize = given.nonNegativeInteger('batchSize');
    const cursor = server.cursors.get(id);
    checkOwner(operation, cursor, namespace);
    return cursor.source.outlivesCollection === true
      ? labelled(() => takeMore(operation, cursor, id, batchSize))
      : takeMore(operation, cursor, id, batchSize);
  },
};

/** Errors after which a driver opens its change stream anew. */
const resumableCodes: ReadonlySet<number> = new Set([
  6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10_107, 11_600, 11_602, 13_388, 13_435, 13_436,
]);

async function labelled(take: () => Document | Promise<Document>): Promise<Document> {
  try {
    return await take();
  } catch (thrown) {
    const error = asMongoError(thrown);
    if (!resumableCodes.has(error.code)) throw error;
    const { code, codeName, fields, labels, message } = error;
    const copy = new MongoError('InternalError', message, fields, [...labels, 'ResumableChangeStreamError']);
    throw Object.assign(copy, { code, codeName });
  }
}

function takeMore(
  operation: Operation,
  cursor: Cursor,
  id: bigint,
  batchSize: number | undefined,
): Document | Promise<Document> {
  const { server } = operation;
  server.failPoints.enterGetMore();
  if (cursor.inUse) throw new MongoError('CursorInUse', `cursor id ${id} is already in use`);
  if (cursor.failure !== undefined) {
    server.cursors.close(id);
    throw cursor.failure;
  }
  if (operation.arguments.get('maxTimeMS') !== undefined && cursor.source.onMore === undefined) {
    throw new MongoError('BadValue', 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  }
  if (cursor.source.isTailable === true) return awaitBatch(operation, cursor, batchSize);
  const reply = nextBatch(operation, cursor, { batchSize });
  return cursor.readsDurable ? server.engine.flush().then(() => reply) : reply;
}

/** How long getMore waits for something new when the client does not say. */
const awaitMsDefault = 1000;

async function awaitBatch(
  operation: Operation,
  cursor: Cursor,
  batchSize: number | undefined,
): Promise<Document> {
  cursor.inUse = true;
  try {
    const now = nextBatch(operation, cursor, { batchSize });
    if (!isEmpty(now) || cursor.source.onMore === undefined) return now;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _more = cursor.source.onMore(resolve);
    cursor.onClose = resolve;
    using _timer = operation.server.clock.timer(
      operation.arguments.number('maxTimeMS') ?? awaitMsDefault,
      resolve,
    );
    await operation.interruption.race(promise);
    // killCursors ends the operation that has the cursor in use.
    const { cursors } = operation.server;
    if (cursor.failure !== undefined) throw cursor.failure;
    if (cursors.find(cursor.id) === undefined)
      throw new MongoError('CursorKilled', 'operation was interrupted');
    return nextBatch(operation, cursors.get(cursor.id), { batchSize });
  } finally {
    cursor.inUse = false;
    cursor.onClose = undefined;
  }
}

function isEmpty({ cursor }: Document): boolean {
  return isDocument(cursor) && Array.isArray(cursor['nextBatch']) && cursor['nextBatch'].length === 0;
}

function checkOwner(operation: Operation, cursor: Cursor, namespace: string): void {
  if (cursor.namespace !== namespace) {
    throw new MongoError(
      'Unauthorized',
      `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
    );
  }
  const { session, transaction } = operation;
  if (cursor.sessionId !== undefined && session === undefined) {
    throw locationError(
      50737,
      `Cannot run getMore on cursor ${cursor.id}, which was created in session ${cursor.sessionId}, without an lsid`,
    );
  }
  if (cursor.sessionId === undefined && session !== undefined) {
    throw locationError(
      50736,
      `Cannot run getMore on cursor ${cursor.id}, which was not created in a session, in session ${session.id}`,
    );
  }
  if (cursor.sessionId !== session?.id) {
    throw locationError(
      50738,
      `Cannot run getMore on cursor ${cursor.id}, which was created in session ${cursor.sessionId}, in session ${session?.id}`,
    );
  }
  if (cursor.transactionNumber !== undefined && transaction === undefined) {
    throw locationError(
      50740,
      `Cannot run getMore on cursor ${cursor.id}, which was created in a transaction, without a txnNumber`,
    );
  }
  if (cursor.transactionNumber === undefined && transaction !== undefined) {
    throw locationError(
      50739,
      `Cannot run getMore on cursor ${cursor.id}, which was not created in a transaction, in a transaction`,
    );
  }
  if (cursor.transactionNumber !== transaction?.number) {
    throw locationError(
      50741,
      `Cannot run getMore on cursor ${cursor.id}, which was created in another transaction`,
    );
  }
}
