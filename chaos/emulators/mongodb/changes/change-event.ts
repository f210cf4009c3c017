/** Changes as a change stream tells them. */
import { Binary, Long } from 'bson';
import { decodeDocument } from '../bson/decode.ts';
import { collectionOf, databaseOf } from '../commands/namespace.ts';
import type { Document } from '../storage/contract.ts';
import type { Change } from './change-log.ts';
import { resumeToken } from './resume-token.ts';
import { describeUpdate } from './update-description.ts';

/** undefined: only what inserts and replacements bring anyway. */
export type FullDocumentLookup = ((namespace: string, id: unknown) => Document | null) | undefined;

export function changeEvent(change: Change, lookUp: FullDocumentLookup): Document {
  const { kind, namespace, before, after } = change;
  const head = {
    _id: resumeToken(change),
    operationType: kind,
    clusterTime: change.clusterTime,
    wallTime: new Date(change.wallTimeMs),
    ...(change.transactionNumber === undefined || change.sessionId === undefined
      ? {}
      : {
          txnNumber: Long.fromBigInt(change.transactionNumber),
          lsid: { id: new Binary(Buffer.from(change.sessionId, 'hex'), Binary.SUBTYPE_UUID) },
        }),
    ns: kind === 'dropDatabase' ? { db: namespace } : namespaceOf(namespace),
  };
  if (kind === 'rename' && change.to !== undefined) return { ...head, to: namespaceOf(change.to) };
  if (kind === 'insert' && after !== undefined) {
    const document = decodeDocument(after);
    return { ...head, documentKey: { _id: document['_id'] }, fullDocument: document };
  }
  if (kind === 'delete' && before !== undefined) {
    return { ...head, documentKey: { _id: decodeDocument(before)['_id'] } };
  }
  if (kind !== 'update' || before === undefined || after === undefined) return head;
  const document = decodeDocument(after);
  const documentKey = { _id: document['_id'] };
  if (change.isReplacement === true) {
    return { ...head, operationType: 'replace', documentKey, fullDocument: document };
  }
  return {
    ...head,
    documentKey,
    updateDescription: describeUpdate(decodeDocument(before), document),
    ...(lookUp === undefined ? {} : { fullDocument: lookUp(namespace, document['_id']) }),
  };
}

function namespaceOf(namespace: string): Document {
  return { db: databaseOf(namespace), coll: collectionOf(namespace) };
}
