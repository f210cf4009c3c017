/** find: the first batch of the documents that match, and a cursor for the rest. */
import { Long } from 'bson';
import { encodeDocument } from '../bson/encode.ts';
import type { CursorSource } from '../cursors/cursor-store.ts';
import { firstBatch } from '../cursors/batch.ts';
import { tailSource } from '../cursors/tail.ts';
import { MongoError, locationError } from '../errors.ts';
import { findDocuments, isById, planFor } from '../query/plan/find-documents.ts';
import type { Found, Query } from '../query/plan/find-documents.ts';
import type { Plan } from '../query/plan/planner.ts';
import { readPath } from '../query/update/path-writer.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { compileProjection } from '../query/projection.ts';
import type { Projection } from '../query/projection.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { resolvedDocuments } from './pipeline-source.ts';
import { hintOf, queryEnvironment, sortOf } from './query-arguments.ts';
import { timeSeriesOf } from './time-series.ts';
import { checkViewCollation, resolveView } from './views.ts';
import type { ResolvedView } from './views.ts';

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
    'max',
    'min',
    'returnKey',
    'showRecordId',
  ],
  run: (operation) => {
    operation.server.counters.operations.query += 1;
    const parsed = parseFind(operation);
    const { query } = parsed;
    const given = operation.arguments;
    const batchSize = given.nonNegativeInteger('batchSize');
    const isTailable = checkTailable(given, query);
    return firstBatch(operation, {
      namespace: query.namespace,
      source: isTailable ? findTail(operation, parsed) : findSource(operation, parsed),
      batchSize,
      singleBatch: given.boolean('singleBatch'),
      noTimeout: given.boolean('noCursorTimeout'),
    });
  },
};

export interface ParsedFind {
  readonly query: Query;
  readonly projection: Projection | undefined;
  readonly returnKey: boolean;
  readonly showRecordId: boolean;
}

export function parseFind(operation: Operation): ParsedFind {
  const { arguments: given, namespace } = operation;
  const environment = queryEnvironment(operation, given, namespace);
  const fields = given.documentField('projection');
  const projection =
    fields === undefined || Object.keys(fields).length === 0
      ? undefined
      : compileProjection(fields, environment);
  const limit = given.nonNegativeInteger('limit') ?? 0;
  const hint = hintOf(given);
  const bounds = keyBounds(given, hint);
  const query: Query = {
    namespace,
    filter: given.documentField('filter') ?? {},
    sort: sortOf(given, environment.collation),
    hint,
    skip: given.nonNegativeInteger('skip') ?? 0,
    limit,
    environment,
    needsDetails: projection?.isPositional === true,
    ...bounds,
  };
  return {
    query,
    projection,
    returnKey: given.boolean('returnKey'),
    showRecordId: given.boolean('showRecordId'),
  };
}

/** @throws MongoError 51173 without a hint that says which index's keys they are. */
function keyBounds(given: Arguments, hint: unknown): Pick<Query, 'min' | 'max'> {
  const [min, max] = (['min', 'max'] as const).map((name) => {
    const key = given.documentField(name);
    return key === undefined || Object.keys(key).length === 0 ? undefined : key;
  });
  if (min === undefined && max === undefined) return {};
  if (hint === undefined) {
    throw locationError(51173, 'When using min()/max() a hint of which index to use must be provided');
  }
  if (isDocument(hint) && '$natural' in hint) {
    throw locationError(51173, 'min and max are incompatible with a $natural hint');
  }
  return { min, max };
}

/** @throws MongoError FailedToParse, BadValue. */
function checkTailable(given: Arguments, { sort }: Query): boolean {
  const isTailable = given.boolean('tailable');
  if (!isTailable) {
    if (!given.boolean('awaitData')) return false;
    throw new MongoError('FailedToParse', "Cannot set 'awaitData' without also setting 'tailable'");
  }
  const first = sort?.fields[0];
  if (first !== undefined && (first.path !== '$natural' || first.direction !== 1)) {
    throw new MongoError('BadValue', 'cannot use tailable option with a sort other than {$natural: 1}');
  }
  if (given.boolean('singleBatch')) {
    throw new MongoError('BadValue', "cannot use tailable option with the 'singleBatch' option");
  }
  return true;
}

/** @throws MongoError BadValue unless the collection is capped. */
function findTail(operation: Operation, { query, projection }: ParsedFind): CursorSource {
  const { arguments: given, server } = operation;
  const known = server.engine.identity(query.namespace);
  if (known === undefined) return { documents: [].values(), close: () => undefined };
  if (known.options['capped'] !== true) {
    throw new MongoError(
      'BadValue',
      `error processing query: ns=${query.namespace}: tailable cursor requested on non capped collection`,
    );
  }
  return tailSource(server, { query, projection, awaitData: given.boolean('awaitData') });
}

function findSource(operation: Operation, parsed: ParsedFind): CursorSource {
  const { query } = parsed;
  const snapshot = operation.snapshot();
  const view = resolveView(operation.server, query.namespace);
  const found = view === undefined ? findDocuments(snapshot, query) : [];
  const isSole =
    view === undefined && isById(snapshot, query) && timeSeriesOf(operation, query.namespace) === undefined;
  const reply = replyWriter(parsed, () => planFor(snapshot, query));
  let returned = 0;
  const documents = (function* (): Generator<RawDocument> {
    if (view !== undefined) yield* viewDocuments(operation, snapshot, parsed, view);
    for (const item of found) {
      returned += 1;
      yield reply(item);
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

function* viewDocuments(
  operation: Operation,
  storage: StorageTransaction,
  { query, projection }: ParsedFind,
  view: ResolvedView,
): Generator<RawDocument> {
  checkViewCollation(view, query.namespace, query.environment.collation);
  if (projection?.isPositional === true) {
    throw new MongoError('OptionNotSupportedOnView', 'A positional projection cannot be used on a view');
  }
  for (const document of resolvedDocuments(operation, storage, query, view)) {
    yield new RawDocument(encodeDocument(projection?.apply(document, undefined) ?? document));
  }
}

type ReplyWriter = (found: Found) => RawDocument;

function replyWriter({ projection, returnKey, showRecordId }: ParsedFind, planOf: () => Plan): ReplyWriter {
  if (!returnKey && !showRecordId) return (found) => projected(found, projection);
  const plan = returnKey ? planOf() : undefined;
  return ({ stored, arrayIndex }) => {
    const whole = stored.document();
    const recordId = { $recordId: Long.fromNumber(stored.recordId) };
    const key = returnKey ? keyOf(whole, plan) : undefined;
    const document = key ?? projection?.apply(whole, arrayIndex) ?? whole;
    return new RawDocument(
      encodeDocument(showRecordId && !returnKey ? { ...document, ...recordId } : document),
    );
  };
}

/** The document's key in the index that found it; nothing when none did. */
function keyOf(document: Document, plan: Plan | undefined): Document {
  const paths = plan?.kind === 'index' ? Object.keys(plan.index.key) : plan?.kind === 'id' ? ['_id'] : [];
  return Object.fromEntries(
    paths
      .map((path): [string, unknown] => [path, readPath(document, path.split('.'))])
      .filter(([, value]) => value !== undefined),
  );
}

function projected({ stored, arrayIndex }: Found, projection: Projection | undefined): RawDocument {
  if (projection === undefined) return new RawDocument(stored.bytes);
  return new RawDocument(encodeDocument(projection.apply(stored.document(), arrayIndex)));
}
