/** $changeStream: a cursor over the change log that waits for more. */
import { shellText } from '../storage/duplicate-key.ts';
import { Timestamp } from 'bson';
import { encodeDocument } from '../bson/encode.ts';
import { MongoError, locationError } from '../errors.ts';
import { compilePipeline } from '../aggregation/pipeline.ts';
import type { StageSpecification } from '../aggregation/pipeline.ts';
import type { Operation } from '../commands/operation.ts';
import { databaseOf } from '../commands/namespace.ts';
import type { CursorSource } from '../cursors/cursor-store.ts';
import { isDocument } from '../query/bson-value.ts';
import type { ServerState } from '../server-state.ts';
import type { Document } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import type { Change } from './change-log.ts';
import { changeEvent } from './change-event.ts';
import type { FullDocumentLookup } from './change-event.ts';
import { parseResumeToken, resumeToken } from './resume-token.ts';
import type { ResumePoint } from './resume-token.ts';

const afterStages = new Set([
  '$addFields',
  '$match',
  '$project',
  '$redact',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$unset',
]);
const knownOptions = new Set([
  'allChangesForCluster',
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'showExpandedEvents',
  'startAfter',
  'startAtOperationTime',
]);

export function changeStreamSource(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
): CursorSource {
  const { server } = operation;
  const [first, ...rest] = stages;
  const options = isDocument(first?.operand) ? first.operand : {};
  for (const name of Object.keys(options)) {
    if (!knownOptions.has(name))
      throw locationError(40415, `BSON field '$changeStream.${name}' is an unknown field.`);
  }
  for (const { name } of rest) {
    if (!afterStages.has(name))
      throw new MongoError('IllegalOperation', `${name} is not permitted in a $changeStream pipeline`);
  }
  if (operation.transaction !== undefined) {
    throw new MongoError(
      'OperationNotSupportedInTransaction',
      '$changeStream cannot be used in a transaction',
    );
  }
  refuseBeforeImages(options);
  server.changes.isEnabled = true;
  const start = startOf(server, options);
  const run = compilePipeline(rest, {
    environment: operation.environment,
    random: server.random,
    readCollection: () => [],
  });
  const covers = scopeOf(operation, namespace, options);
  return new ChangeStream(
    server,
    start,
    covers,
    (event) => [...run([event])],
    lookUpOf(server, options),
    !namespace.endsWith('.$cmd.aggregate'),
  ).source();
}

function refuseBeforeImages({ fullDocument, fullDocumentBeforeChange }: Document): void {
  if (fullDocumentBeforeChange !== undefined && fullDocumentBeforeChange !== 'off') {
    throw new MongoError(
      'CommandNotSupported',
      'fullDocumentBeforeChange is not supported by the embedded MongoDB',
    );
  }
  if (fullDocument !== undefined && fullDocument !== 'default' && fullDocument !== 'updateLookup') {
    throw new MongoError(
      'CommandNotSupported',
      `fullDocument ${shellText(fullDocument)} is not supported by the embedded MongoDB`,
    );
  }
}

function startOf(
  server: ServerState,
  { resumeAfter, startAfter, startAtOperationTime }: Document,
): ResumePoint {
  const { changes, clusterClock } = server;
  const token = resumeAfter ?? startAfter;
  if (token !== undefined) {
    const point = parseResumeToken(token);
    if (point.sequence + 1 < changes.firstSequence || point.sequence >= changes.nextSequence)
      throw historyLost();
    return point;
  }
  if (startAtOperationTime instanceof Timestamp) {
    const next = changes
      .since(0)
      .find(({ clusterTime }) => clusterTime.greaterThanOrEqual(startAtOperationTime));
    return { clusterTime: startAtOperationTime, sequence: (next?.sequence ?? changes.nextSequence) - 1 };
  }
  return { clusterTime: clusterClock.now(), sequence: changes.nextSequence - 1 };
}

function historyLost(): MongoError {
  return new MongoError(
    'ChangeStreamHistoryLost',
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
    {},
    ['NonResumableChangeStreamError'],
  );
}

type Scope = (change: Change) => boolean;

function scopeOf(operation: Operation, namespace: string, options: Document): Scope {
  if (!namespace.endsWith('.$cmd.aggregate')) {
    return (change) => change.namespace === namespace || change.to === namespace;
  }
  if (options['allChangesForCluster'] === true) return () => true;
  const { database } = operation;
  return ({ namespace: changed }) => (changed.includes('.') ? databaseOf(changed) : changed) === database;
}

function lookUpOf(server: ServerState, { fullDocument }: Document): FullDocumentLookup {
  if (fullDocument !== 'updateLookup') return undefined;
  return (namespace, id) => {
    const storage = server.engine.begin();
    try {
      return storage.find(namespace, id)?.document() ?? null;
    } finally {
      storage.abort();
    }
  };
}

class ChangeStream {
  readonly #server: ServerState;
  readonly #covers: Scope;
  readonly #shape: (event: Document) => Document[];
  readonly #lookUp: FullDocumentLookup;
  readonly #isOfCollection: boolean;
  #position: ResumePoint;
  /** The collection is gone: one event more, then the end. */
  #invalidatedBy: Change | undefined;
  #isEnded = false;

  constructor(
    server: ServerState,
    start: ResumePoint,
    covers: Scope,
    shape: (event: Document) => Document[],
    lookUp: FullDocumentLookup,
    isOfCollection: boolean,
  ) {
    this.#isOfCollection = isOfCollection;
    this.#server = server;
    this.#position = start;
    this.#covers = covers;
    this.#shape = shape;
    this.#lookUp = lookUp;
  }

  source(): CursorSource {
    const isEnded = () => this.#isEnded;
    return {
      documents: { next: () => this.#next() },
      get isTailable() {
        return !isEnded();
      },
      onMore: (listener) => this.#server.changes.onPublish(listener),
      resumeToken: () => resumeToken(this.#position),
      close: () => undefined,
    };
  }

  /** `done` says that there is nothing now; more may come. */
  #next(): IteratorResult<RawDocument, undefined> {
    const { changes } = this.#server;
    if (this.#invalidatedBy !== undefined) return this.#invalidate(this.#invalidatedBy);
    if (this.#position.sequence + 1 < changes.firstSequence) throw historyLost();
    for (const change of changes.since(this.#position.sequence + 1)) {
      this.#position = change;
      if (!this.#covers(change)) continue;
      if (this.#isOfCollection && (change.kind === 'drop' || change.kind === 'rename'))
        this.#invalidatedBy = change;
      const [shaped] = this.#shape(changeEvent(change, this.#lookUp));
      if (shaped === undefined) continue;
      if (shaped['_id'] === undefined) {
        throw new MongoError(
          'ChangeStreamFatalError',
          'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline.',
          {},
          ['NonResumableChangeStreamError'],
        );
      }
      return { done: false, value: new RawDocument(encodeDocument(shaped)) };
    }
    return { done: true, value: undefined };
  }

  #invalidate(change: Change): IteratorResult<RawDocument, undefined> {
    if (this.#isEnded) return { done: true, value: undefined };
    this.#isEnded = true;
    const { clusterTime, wallTimeMs } = change;
    const event = {
      _id: resumeToken(change),
      operationType: 'invalidate',
      clusterTime,
      wallTime: new Date(wallTimeMs),
    };
    return { done: false, value: new RawDocument(encodeDocument(event)) };
  }
}
