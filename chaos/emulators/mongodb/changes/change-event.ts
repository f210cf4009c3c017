/** Changes as a change stream tells them. */
import { Binary, Long, UUID } from 'bson';
import { createHash } from 'node:crypto';
import { decodeDocument } from '../bson/decode.ts';
import { collectionOf, databaseOf } from '../commands/namespace.ts';
import { MongoError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import type { Change, ChangeKind } from './change.ts';
import { resumeToken } from './resume-token.ts';
import type { ImageMode, StreamOptions } from './stream-options.ts';
import { describeUpdate } from './update-description.ts';

/** The document with this id as it is now, null when it is gone. */
export type DocumentLookup = (namespace: string, id: unknown) => Document | null;

/** Told only when the client asks for expanded events. */
const expandedKinds: ReadonlySet<ChangeKind> = new Set(['create', 'createIndexes', 'dropIndexes', 'modify']);

export function isTold({ kind }: Change, { showExpandedEvents }: StreamOptions): boolean {
  return showExpandedEvents || !expandedKinds.has(kind);
}

/** @throws MongoError NoMatchingDocument when an image is required and was not kept. */
export function changeEvent(change: Change, options: StreamOptions, lookUp: DocumentLookup): Document {
  const { kind, namespace, before, after } = change;
  const isReplacement = kind === 'update' && change.isReplacement === true;
  const head = {
    _id: resumeToken({ ...change, kind: 'event' }),
    operationType: isReplacement ? 'replace' : kind,
    clusterTime: change.clusterTime,
    wallTime: new Date(change.wallTimeMs),
    ...transactionOf(change),
  };
  const tail = {
    ns: kind === 'dropDatabase' ? { db: namespace } : namespaceOf(namespace),
    ...(options.showExpandedEvents && change.uuid !== undefined && kind !== 'dropDatabase'
      ? { collectionUUID: new UUID(change.uuid) }
      : {}),
  };
  if (kind === 'insert' && after !== undefined) {
    const document = decodeDocument(after);
    return { ...head, fullDocument: document, ...tail, documentKey: { _id: document['_id'] } };
  }
  if (kind === 'delete' && before !== undefined) {
    const document = decodeDocument(before);
    return {
      ...head,
      ...tail,
      documentKey: { _id: document['_id'] },
      ...imageBefore(change, options, document),
    };
  }
  if (kind === 'update' && before !== undefined && after !== undefined) {
    const [old, document] = [decodeDocument(before), decodeDocument(after)];
    const rest = { ...tail, documentKey: { _id: document['_id'] } };
    const image = imageBefore(change, options, old);
    if (isReplacement) return { ...head, fullDocument: document, ...rest, ...image };
    return {
      ...head,
      ...imageAfter(change, options, document, lookUp),
      ...rest,
      updateDescription: updateDescription(old, document, options),
      ...image,
    };
  }
  return { ...head, ...tail, ...catalogueFields(change, options) };
}

export function invalidateEvent(change: Change): Document {
  return {
    _id: resumeToken({ ...change, kind: 'invalidate' }),
    operationType: 'invalidate',
    clusterTime: change.clusterTime,
    wallTime: new Date(change.wallTimeMs),
  };
}

/** MongoDB's digest of the user of a session; that of nobody. */
const noUser = new Binary(createHash('sha256').digest(), 0);

function transactionOf({ sessionId, transactionNumber }: Change): Document {
  if (sessionId === undefined || transactionNumber === undefined) return {};
  return {
    txnNumber: Long.fromBigInt(transactionNumber),
    lsid: { id: new Binary(Buffer.from(sessionId, 'hex'), Binary.SUBTYPE_UUID), uid: noUser },
  };
}

function catalogueFields(
  { kind, to, description, stateBefore }: Change,
  { showExpandedEvents }: StreamOptions,
): Document {
  const target = kind === 'rename' && to !== undefined ? { to: namespaceOf(to) } : {};
  if (!showExpandedEvents) return target;
  const operationDescription = kind === 'rename' ? { ...target, ...description } : description;
  return {
    ...target,
    ...(operationDescription === undefined ? {} : { operationDescription }),
    ...(stateBefore === undefined ? {} : { stateBeforeChange: stateBefore }),
  };
}

function updateDescription(
  before: Document,
  after: Document,
  { showExpandedEvents }: StreamOptions,
): Document {
  const { disambiguatedPaths, ...description } = describeUpdate(before, after);
  if (!showExpandedEvents) return description;
  return { ...description, disambiguatedPaths };
}

function imageBefore(
  change: Change,
  { fullDocumentBeforeChange }: StreamOptions,
  before: Document,
): Document {
  if (fullDocumentBeforeChange === 'off') return {};
  const image = change.keepsImages ? before : missingImage(fullDocumentBeforeChange, 'pre');
  return { fullDocumentBeforeChange: image };
}

function imageAfter(
  change: Change,
  { fullDocument }: StreamOptions,
  after: Document,
  lookUp: DocumentLookup,
): Document {
  if (fullDocument === 'default') return {};
  if (fullDocument === 'updateLookup') return { fullDocument: lookUp(change.namespace, after['_id']) };
  return { fullDocument: change.keepsImages ? after : missingImage(fullDocument, 'post') };
}

function missingImage(mode: ImageMode, which: 'pre' | 'post'): null {
  if (mode !== 'required') return null;
  throw new MongoError(
    'NoMatchingDocument',
    `Change stream was configured to require a ${which}-image for all update${which === 'pre' ? ', delete and replace' : ''} events, but the ${which}-image was not found`,
    {},
    ['NonResumableChangeStreamError'],
  );
}

function namespaceOf(namespace: string): Document {
  return { db: databaseOf(namespace), coll: collectionOf(namespace) };
}
