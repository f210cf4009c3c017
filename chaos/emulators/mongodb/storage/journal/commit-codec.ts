/**
 * Commits as bytes. A commit is its timestamp, the number of its entries and the entries: a document put (with its
 * BSON), a document removed, or a BSON document for everything that is rare.
 */
import { Binary, Long } from 'bson';
import { z } from 'zod';
import { decodeDocument } from '../../bson/decode.ts';
import { lengthAt } from '../../bson/element.ts';
import { encodeDocument } from '../../bson/encode.ts';
import type { CatalogueChange, Commit, RecordWrite } from '../commit-log.ts';
import type { IndexSpec, SessionRecord } from '../contract.ts';
import type { FrameBuilder } from './frame-builder.ts';

const put = 1;
const remove = 2;
const other = 3;

export function writeCommit(frame: FrameBuilder, commit: Commit): void {
  const { timestamp, catalogue, sessions, forgottenSessions, writes } = commit;
  frame.float64(timestamp);
  frame.uint32(catalogue.length + sessions.length + forgottenSessions.length + writes.length);
  for (const change of catalogue) writeOther(frame, change);
  for (const write of writes) writeRecord(frame, write);
  for (const record of sessions) {
    const transactionNumber = Long.fromBigInt(record.transactionNumber);
    writeOther(frame, { kind: 'session', ...record, transactionNumber });
  }
  for (const sessionId of forgottenSessions) writeOther(frame, { kind: 'forgetSession', sessionId });
}

function writeRecord(frame: FrameBuilder, write: RecordWrite): void {
  frame.uint8(write.bytes === undefined ? remove : put);
  frame.uint32(write.collectionId);
  frame.uint48(write.recordId);
  if (write.bytes !== undefined) frame.bytes(write.bytes);
}

function writeOther(frame: FrameBuilder, document: object): void {
  frame.uint8(other);
  frame.bytes(encodeDocument(document));
}

/** All commits of a frame's payload. Throws when the payload, whose checksum was right, is not what is written here. */
export function readCommits(payload: Buffer): Commit[] {
  const commits: Commit[] = [];
  let at = 0;
  while (at < payload.length) {
    const timestamp = payload.readDoubleLE(at);
    const entries = payload.readUInt32LE(at + 8);
    at += 12;
    const catalogue: CatalogueChange[] = [];
    const writes: RecordWrite[] = [];
    const sessions: SessionRecord[] = [];
    const forgottenSessions: string[] = [];
    for (let count = 0; count < entries; count += 1) {
      const kind = payload.readUInt8(at);
      at += 1;
      if (kind === other) {
        const bytes = bsonAt(payload, at);
        at += bytes.length;
        const entry = otherEntry.parse(decodeDocument(bytes));
        if (entry.kind === 'session') sessions.push(sessionOf(entry));
        else if (entry.kind === 'forgetSession') forgottenSessions.push(entry.sessionId);
        else catalogue.push(catalogueChangeOf(entry));
        continue;
      }
      if (kind !== put && kind !== remove) throw new RangeError(`unknown kind of entry ${kind}`);
      const collectionId = payload.readUInt32LE(at);
      const recordId = payload.readUIntLE(at + 4, 6);
      at += 10;
      const bytes = kind === put ? bsonAt(payload, at) : undefined;
      at += bytes?.length ?? 0;
      writes.push({ collectionId, recordId, bytes });
    }
    commits.push({ timestamp, catalogue, writes, sessions, forgottenSessions });
  }
  return commits;
}

function bsonAt(payload: Buffer, at: number): Buffer {
  return payload.subarray(at, at + lengthAt(payload, at));
}

/** Checked without being copied, because a copy would lose the order of integer-like names. */
const document = z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null);
const directions: readonly unknown[] = [1, -1, '2d', '2dsphere', 'hashed', 'text'];
const indexKey = z.custom<IndexSpec['key']>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => directions.includes(item)),
);

const indexSpec = z.object({
  name: z.string(),
  key: indexKey,
  unique: z.boolean(),
  sparse: z.boolean(),
  partialFilterExpression: document.optional(),
  expireAfterSeconds: z.number().optional(),
  collation: document.optional(),
  hidden: z.boolean().optional(),
  prepareUnique: z.boolean().optional(),
  kindOptions: document.optional(),
});

const otherEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('createCollection'),
    collectionId: z.number(),
    namespace: z.string(),
    uuid: z.instanceof(Binary),
    options: document,
  }),
  z.object({ kind: z.literal('createIndex'), collectionId: z.number(), spec: indexSpec }),
  z.object({ kind: z.literal('dropCollection'), collectionId: z.number() }),
  z.object({ kind: z.literal('modifyCollection'), collectionId: z.number(), options: document }),
  z.object({ kind: z.literal('modifyIndex'), collectionId: z.number(), spec: indexSpec }),
  z.object({ kind: z.literal('dropIndex'), collectionId: z.number(), name: z.string() }),
  z.object({ kind: z.literal('renameCollection'), collectionId: z.number(), namespace: z.string() }),
  z.object({
    kind: z.literal('session'),
    sessionId: z.string(),
    transactionNumber: z.instanceof(Long),
    statementId: z.number(),
    reply: document,
  }),
  z.object({ kind: z.literal('forgetSession'), sessionId: z.string() }),
]);

type OtherEntry = z.infer<typeof otherEntry>;
type CatalogueEntry = Exclude<OtherEntry, { kind: 'session' | 'forgetSession' }>;

function sessionOf(entry: Extract<OtherEntry, { kind: 'session' }>): SessionRecord {
  const { sessionId, transactionNumber, statementId, reply } = entry;
  return { sessionId, transactionNumber: transactionNumber.toBigInt(), statementId, reply };
}

function specOf(given: z.infer<typeof indexSpec>): IndexSpec {
  const {
    collation,
    expireAfterSeconds,
    hidden,
    kindOptions,
    partialFilterExpression,
    prepareUnique,
    ...required
  } = given;
  return {
    ...required,
    ...(collation === undefined ? {} : { collation }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(kindOptions === undefined ? {} : { kindOptions }),
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(prepareUnique === undefined ? {} : { prepareUnique }),
  };
}

function catalogueChangeOf(entry: CatalogueEntry): CatalogueChange {
  switch (entry.kind) {
    case 'createCollection':
      return { ...entry, uuid: entry.uuid.buffer.subarray(0, entry.uuid.position) };
    case 'createIndex':
    case 'modifyIndex':
      return { ...entry, spec: specOf(entry.spec) };
    default:
      return entry;
  }
}
