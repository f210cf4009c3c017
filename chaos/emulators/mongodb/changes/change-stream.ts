/** $changeStream: a cursor over the change log that waits for more. */
import { encodeDocument } from '../bson/encode.ts';
import { equalValues } from '../bson/compare.ts';
import { MongoError, locationError } from '../errors.ts';
import { compilePipeline } from '../aggregation/pipeline.ts';
import type { StageSpecification } from '../aggregation/pipeline.ts';
import type { Operation } from '../commands/operation.ts';
import type { CursorSource } from '../cursors/cursor-store.ts';
import type { ServerState } from '../server-state.ts';
import { shellText } from '../storage/duplicate-key.ts';
import type { Document } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { comparePositions } from './change-log.ts';
import type { Change } from './change.ts';
import { changeEvent, invalidateEvent, isTold } from './change-event.ts';
import type { DocumentLookup } from './change-event.ts';
import { resumeToken } from './resume-token.ts';
import type { ResumePoint } from './resume-token.ts';
import { splitEvent } from './split-event.ts';
import { parseStreamOptions } from './stream-options.ts';
import type { StreamOptions, StreamStart } from './stream-options.ts';
import { scopeOf } from './stream-scope.ts';
import type { StreamScope } from './stream-scope.ts';

const afterStages = new Set([
  '$addFields',
  '$changeStreamSplitLargeEvent',
  '$match',
  '$project',
  '$redact',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$unset',
]);
const nonResumable = ['NonResumableChangeStreamError'];

export function changeStreamSource(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
): CursorSource {
  const { server } = operation;
  const [first, ...rest] = stages;
  const options = parseStreamOptions(first?.operand);
  const scope = scopeOf(operation, namespace, options);
  checkOperation(operation);
  const splits = rest.findIndex(({ name }) => name === '$changeStreamSplitLargeEvent');
  if (splits !== -1 && splits !== rest.length - 1) {
    throw locationError(7182802, '$changeStreamSplitLargeEvent must be the last stage in the pipeline');
  }
  const shaping = splits === -1 ? rest : rest.slice(0, -1);
  const run = compilePipeline(shaping, {
    environment: operation.environment,
    random: server.random,
    readCollection: () => [],
  });
  for (const { name } of rest) {
    if (!afterStages.has(name))
      throw new MongoError('IllegalOperation', `${name} is not permitted in a $changeStream pipeline`);
  }
  const shape = (event: Document): Document[] => [...run([event])];
  return new ChangeStream(server, { options, scope, shape, splits: splits !== -1 }).source();
}

function checkOperation({ readConcern, transaction }: Operation): void {
  if (transaction !== undefined) {
    throw new MongoError(
      'OperationNotSupportedInTransaction',
      '$changeStream cannot be used in a transaction',
    );
  }
  if (readConcern.level !== undefined && readConcern.level !== 'majority') {
    throw new MongoError(
      'InvalidOptions',
      `Aggregation stage $changeStream cannot run with a readConcern level of '${readConcern.level}'; only 'majority' is allowed`,
    );
  }
}

function historyLost(): MongoError {
  return new MongoError(
    'ChangeStreamHistoryLost',
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
    {},
    nonResumable,
  );
}

interface StreamDefinition {
  readonly options: StreamOptions;
  readonly scope: StreamScope;
  /** The client's stages. */
  readonly shape: (event: Document) => Document[];
  readonly splits: boolean;
}

class ChangeStream {
  readonly #server: ServerState;
  readonly #definition: StreamDefinition;
  readonly #lookUp: DocumentLookup;
  /** Number of the change to look at next. */
  #sequence: number;
  /** Where the client may go on. */
  #position: ResumePoint;
  /** The stream is over after one event more. */
  #endedBy: Change | undefined;
  #isEnded = false;
  /** Parts of a large event still to be told. */
  #parts: Document[] = [];

  constructor(server: ServerState, definition: StreamDefinition) {
    this.#server = server;
    this.#definition = definition;
    this.#lookUp = lookUpIn(server);
    const { start } = definition.options;
    this.#position = pointOf(server, start);
    this.#sequence = this.#startSequence(start);
  }

  source(): CursorSource {
    const isEnded = (): boolean => this.#isEnded && this.#parts.length === 0;
    return {
      documents: { next: () => this.#next() },
      get isTailable() {
        return !isEnded();
      },
      outlivesCollection: true,
      onMore: (listener) => this.#server.changes.onPublish(listener),
      resumeToken: () => resumeToken(this.#position),
      close: () => undefined,
    };
  }

  /** @throws MongoError ChangeStreamHistoryLost, ChangeStreamFatalError. */
  #startSequence(start: StreamStart): number {
    const { changes } = this.#server;
    if (start.kind === 'now') return changes.nextSequence;
    const position = start.kind === 'time' ? { clusterTime: start.clusterTime, index: 0 } : start.point;
    const sequence = changes.sequenceAt(position);
    const isOld = position.clusterTime.lessThan(changes.firstTime);
    if (isOld) throw historyLost();
    if (start.kind === 'time' || start.point.kind === 'time') return sequence;
    const found = changes.isForgotten(sequence) ? undefined : changes.at(sequence);
    if (found === undefined || comparePositions(found, position) !== 0) {
      throw new MongoError(
        'ChangeStreamFatalError',
        `cannot resume stream; the resume token was not found. ${shellText(resumeToken(start.point))}`,
        {},
        nonResumable,
      );
    }
    const { scope } = this.#definition;
    if (start.point.kind === 'event' && scope.covers(found) && scope.endsWith(found)) this.#endedBy = found;
    return sequence + 1;
  }

  /** `done` says that there is nothing now; more may come. */
  #next(): IteratorResult<RawDocument, undefined> {
    const { changes } = this.#server;
    const part = this.#parts.shift();
    if (part !== undefined) return told(part);
    if (this.#endedBy !== undefined) return this.#end(this.#endedBy);
    if (changes.isForgotten(this.#sequence)) throw historyLost();
    const { options, scope } = this.#definition;
    for (let change = changes.at(this.#sequence); change !== undefined; change = changes.at(this.#sequence)) {
      this.#sequence += 1;
      this.#position = { clusterTime: change.clusterTime, index: change.index, kind: 'event' };
      if (!scope.covers(change)) continue;
      if (scope.endsWith(change)) this.#endedBy = change;
      if (!isTold(change, options)) continue;
      const event = changeEvent(change, options, this.#lookUp);
      const [shaped] = this.#definition.shape(event);
      if (shaped !== undefined) return this.#tell(event, shaped);
      if (this.#endedBy !== undefined) return this.#end(this.#endedBy);
    }
    return { done: true, value: undefined };
  }

  #tell(event: Document, shaped: Document): IteratorResult<RawDocument, undefined> {
    if (!equalValues(shaped['_id'], event['_id'])) {
      throw new MongoError(
        'ChangeStreamFatalError',
        `Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed. Expected: ${shellText({ _id: event['_id'] })} but found: ${shellText({ _id: shaped['_id'] })}`,
        {},
        nonResumable,
      );
    }
    const [first, ...parts] = this.#definition.splits ? splitEvent(shaped) : [shaped];
    this.#parts = parts;
    return told(first ?? shaped);
  }

  #end(change: Change): IteratorResult<RawDocument, undefined> {
    if (this.#isEnded) return { done: true, value: undefined };
    this.#isEnded = true;
    this.#position = { clusterTime: change.clusterTime, index: change.index, kind: 'invalidate' };
    const event = invalidateEvent(change);
    const [shaped] = this.#definition.shape(event);
    return shaped === undefined ? { done: true, value: undefined } : this.#tell(event, shaped);
  }
}

function told(event: Document): IteratorResult<RawDocument, undefined> {
  return { done: false, value: new RawDocument(encodeDocument(event)) };
}

function pointOf({ clusterClock }: ServerState, start: StreamStart): ResumePoint {
  if (start.kind === 'after') return start.point;
  const clusterTime = start.kind === 'time' ? start.clusterTime : clusterClock.now();
  // A new stream begins behind all that has this time already.
  return { clusterTime, index: start.kind === 'time' ? 0 : afterAll, kind: 'time' };
}

const afterAll = 0xffffffff;

function lookUpIn({ engine }: ServerState): DocumentLookup {
  return (namespace, id) => {
    const storage = engine.begin();
    try {
      return storage.find(namespace, id)?.document() ?? null;
    } finally {
      storage.abort();
    }
  };
}
