/** Commands and replies of MongoDB as readable values, without what every message carries and nobody asks for. */
import { HEADER_BYTES, OP_MSG } from '../protocol/mongo-messages.ts';
import { documentAt } from './bson-values.ts';
import { bounded, itemsMax, type Readable } from './readable-value.ts';

const OP_REPLY = 1;
const OP_QUERY = 2004;
/** Clocks and routing of the driver and the server. */
const routine: ReadonlySet<string> = new Set([
  '$clusterTime',
  '$db',
  '$readPreference',
  'electionId',
  'opTime',
  'operationTime',
]);
const secretCommands: ReadonlySet<string> = new Set([
  'authenticate',
  'copydbsaslstart',
  'createuser',
  'saslcontinue',
  'saslstart',
  'updateuser',
]);

export interface MongoCommand {
  readonly requestId: number;
  readonly name: string;
  /** The collection; empty where the command has none. */
  readonly collection: string;
  readonly database: string;
  readonly body: Readonly<Record<string, Readable>>;
}

/** Null for a message that holds no command that can be read, such as a compressed one. */
export function readMongoCommand(bytes: Buffer): MongoCommand | null {
  const document = documentOf(bytes);
  if (document === null) return null;
  const [name] = Object.keys(document);
  if (name === undefined || name === '…') return null;
  const first = document[name];
  const { [name]: _, ...rest } = document;
  const secret = secretCommands.has(name.toLowerCase());
  return {
    requestId: bytes.readInt32LE(4),
    name,
    collection: typeof first === 'string' ? first : collectionOf(document),
    database: typeof document['$db'] === 'string' ? document['$db'] : '',
    body: secret ? { '…': 'not told' } : withoutRoutine(rest),
  };
}

export type MongoReply =
  | { readonly kind: 'value'; readonly value: Readable }
  | { readonly kind: 'error'; readonly error: string; readonly value: Readable };

/** An error of the command, of one of its writes or of its write concern. */
export function readMongoReply(bytes: Buffer): MongoReply {
  const document = documentOf(bytes);
  if (document === null) return { kind: 'value', value: null };
  const value = withoutRoutine(document);
  const error = errorOf(document);
  return error === null ? { kind: 'value', value } : { kind: 'error', error, value };
}

/** The command that a message answers. */
export function answeredBy(bytes: Buffer): number {
  return bytes.length < HEADER_BYTES ? 0 : bytes.readInt32LE(8);
}

function documentOf(bytes: Buffer): Record<string, Readable> | null {
  if (bytes.length < HEADER_BYTES + 5) return null;
  switch (bytes.readInt32LE(12)) {
    case OP_MSG:
      return sectionsOf(bytes, HEADER_BYTES + 4);
    case OP_QUERY: {
      const nameEnd = bytes.indexOf(0, HEADER_BYTES + 4);
      return nameEnd === -1 ? null : documentAt(bytes, nameEnd + 9).fields;
    }
    case OP_REPLY:
      return documentAt(bytes, HEADER_BYTES + 20).fields;
    default:
      return null;
  }
}

/** Kind 0 is the command's document, kind 1 a sequence of documents that belongs into it under a name. */
function sectionsOf(bytes: Buffer, from: number): Record<string, Readable> | null {
  let body: Record<string, Readable> | null = null;
  const sequences: Record<string, Readable> = {};
  let at = from;
  while (at + 5 <= bytes.length) {
    const kind = bytes[at];
    if (kind === 0) {
      const { fields, end } = documentAt(bytes, at + 1);
      body = fields;
      at = end;
    } else if (kind === 1) {
      const end = at + 1 + bytes.readInt32LE(at + 1);
      const nameEnd = bytes.indexOf(0, at + 5);
      if (nameEnd === -1) break;
      const documents: Readable[] = [];
      for (let next = nameEnd + 1; next < Math.min(end, bytes.length) && documents.length < itemsMax;) {
        const read = documentAt(bytes, next);
        documents.push(read.fields);
        next = read.end;
      }
      sequences[bytes.toString('utf8', at + 5, nameEnd)] = documents;
      at = end;
    } else {
      break;
    }
  }
  return body === null ? null : { ...body, ...sequences };
}

/** getMore and such name their collection in a field. */
function collectionOf(document: Readonly<Record<string, Readable>>): string {
  return typeof document['collection'] === 'string' ? document['collection'] : '';
}

function withoutRoutine(document: Readonly<Record<string, Readable>>): Record<string, Readable> {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !routine.has(name)));
}

function errorOf(document: Readonly<Record<string, Readable>>): string | null {
  if (document['ok'] === 0 || document['ok'] === false) return described(document);
  const failures = [document['writeErrors'], document['writeConcernError']].flat();
  for (const failure of failures) if (isDocument(failure)) return described(failure);
  return null;
}

function described(document: Readonly<Record<string, Readable>>): string {
  const name = document['codeName'] ?? document['code'] ?? 'error';
  const message = document['errmsg'];
  return bounded(
    `${JSON.stringify(name).replaceAll('"', '')}${typeof message === 'string' ? `: ${message}` : ''}`,
  );
}

function isDocument(value: Readable | undefined): value is Readonly<Record<string, Readable>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
