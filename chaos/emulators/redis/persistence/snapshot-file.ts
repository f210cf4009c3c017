/** A snapshot of all data in one file: a line that names the format, a record a key, the functions, and a checksum over all of it. */
import type { Bytes } from '../bytes/byte-string.ts';
import { crc64 } from '../bytes/crc64.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { encodeRequest } from '../reply/encode.ts';
import { RequestParser } from '../protocol/request-parser.ts';
import { encodeValue } from './value-format.ts';

const header = 'REDCLIFF-REDIS-SNAPSHOT 1\n';

export type SnapshotRecord =
  | { readonly kind: 'function'; readonly code: Bytes }
  | {
      readonly kind: 'key';
      readonly database: number;
      readonly key: Bytes;
      readonly expireAtMs: number | undefined;
      readonly value: Bytes;
    };

export function writeSnapshot(keyspace: Keyspace, functions: readonly Bytes[]): Bytes {
  const parts: Bytes[] = [header];
  for (const code of functions) parts.push(encodeRequest(['function', code]));
  for (const database of keyspace.databases) {
    for (const [key, { value, expireAtMs }] of database.entries()) {
      const expiry = expireAtMs === undefined ? '' : String(expireAtMs);
      parts.push(encodeRequest(['key', String(database.index), key, expiry, encodeValue(value)]));
    }
  }
  const body = parts.join('');
  return body + crc64(body);
}

/** Undefined for a file that is damaged, or that something else has written. */
export function readSnapshot(contents: Bytes): SnapshotRecord[] | undefined {
  const body = contents.slice(0, -8);
  if (!body.startsWith(header) || crc64(body) !== contents.slice(-8)) return undefined;
  const parser = new RequestParser();
  parser.append(body.slice(header.length));
  const records: SnapshotRecord[] = [];
  for (;;) {
    const request = parser.next({ bulkBytesMax: Infinity, isUnauthenticated: false });
    if (request.kind !== 'request') return request.kind === 'incomplete' ? records : undefined;
    const [kind, first = '', key = '', expiry = '', value = ''] = request.words;
    if (kind === 'function') records.push({ kind, code: first });
    else if (kind === 'key') {
      const expireAtMs = expiry === '' ? undefined : Number(expiry);
      records.push({ kind, database: Number(first), key, expireAtMs, value });
    } else return undefined;
  }
}
