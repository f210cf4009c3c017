/** find: the first batch of the documents that match, and a cursor for the rest. */
import { encodeDocument } from '../bson/encode.ts';
import type { CursorSource } from '../cursors/cursor-store.ts';
import { firstBatch } from '../cursors/batch.ts';
import { tailSource } from '../cursors/tail.ts';
import { MongoError, locationError } from '../errors.ts';
import { findDocuments, isById } from '../query/plan/find-documents.ts';
import type { Found, Query } from '../query/plan/find-documents.ts';
import { compileProjection } from '../query/projection.ts';
import type { Projection } from '../query/projection.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { hintOf, refuseCollation, sortOf } from './query-arguments.ts';

const refused = ['max', 'min', 'returnKey', 'showRecordId'];

export const find: Command = {
  name: 'find',
  kind: 'read',
  inTransaction: true,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable', 'snapshot'],
  fields: [
    'allowDiskUse',
    'awaitData',
    'tailable',
    'allowPartialResults',
    'batchSize',
    'collation',
    'filter',
    'hint',
    'let',
    'limit',
    'noCursorTimeout',
    'oplogReplay',
    'projection',
    'singleBatch',
    'skip',
    'sort',
    'term',
    ...refused,
  ],
  run: (operation) => {
    operation.server.counters.operations.query += 1;
    const { query, projection } = parseFind(operation);
    const given = operation.arguments;
    const batchSize = given.nonNegativeInteger('batchSize');
    return firstBatch(operation, {
      namespace: query.namespace,
      source: given.boolean('tailable')
        ? findTail(operation, query, projection)
        : findSource(operation, query, projection),
      batchSize,
      singleBatch: given.boolean('singleBatch'),
      noTimeout: given.boolean('noCursorTimeout'),
    });
  },
};

export interface ParsedFind {
  readonly query: Query;
  readonly projection: Projection | undefined;
}

export function parseFind(operation: Operation): ParsedFind {
  const { arguments: given, environment, namespace } = operation;
  refuseCollation(given);
  for (const name of refused) {
    if (given.get(name) !== undefined && given.get(name) !== false) {
      throw new MongoError('CommandNotSupported', `find.${name} is not supported by the embedded MongoDB`);
    }
  }
  const fields = given.documentField('projection');
  const projection =
    fields === undefined || Object.keys(fields).length === 0
      ? undefined
      : compileProjection(fields, environment);
  const limit = given.number('limit') ?? 0;
  if (limit < 0) throw locationError(51024, `BSON field 'limit' value must be >= 0, actual value '${limit}'`);
  const query: Query = {
    namespace,
    filter: given.documentField('filter') ?? {},
    sort: sortOf(given),
    hint: hintOf(given),
    skip: given.nonNegativeInteger('skip') ?? 0,
    limit,
    environment,
    needsDetails: projection?.isPositional === true,
  };
  return { query, projection };
}

/** @throws MongoError BadValue unless the collection is capped. */
function findTail(operation: Operation, query: Query, projection: Projection | undefined): CursorSource {
  const { arguments: given, server } = operation;
  if (server.engine.collection(query.namespace)?.options['capped'] !== true) {
    throw new MongoError(
      'BadValue',
      `error processing query: ns=${query.namespace}: tailable cursor requested on non capped collection`,
    );
  }
  return tailSource(server, { query, projection, awaitData: given.boolean('awaitData') });
}

function findSource(operation: Operation, query: Query, projection: Projection | undefined): CursorSource {
  const snapshot = operation.snapshot();
  const found = findDocuments(snapshot, query);
  const isSole = isById(query);
  let returned = 0;
  const documents = (function* (): Generator<RawDocument> {
    for (const item of found) {
      returned += 1;
      yield projected(item, projection);
    }
  })();
  const ownsSnapshot = operation.transaction === undefined && operation.readConcern.level !== 'snapshot';
  return {
    documents,
    isAtEnd: () => (query.limit > 0 && returned >= query.limit) || isSole,
    close: () => {
      if (ownsSnapshot) snapshot.abort();
    },
  };
}

function projected({ stored, arrayIndex }: Found, projection: Projection | undefined): RawDocument {
  if (projection === undefined) return new RawDocument(stored.bytes);
  return new RawDocument(encodeDocument(projection.apply(stored.document(), arrayIndex)));
}
