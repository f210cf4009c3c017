/** DEBUG DIGEST: one number for all data, the same whenever the data are, whatever the order in which they came. */
import type { Bytes } from '../../bytes/byte-string.ts';
import type { Entry } from '../../keyspace/database.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { formatDouble } from '../../numbers/decimal.ts';
import { encodeValue } from '../../persistence/value-format.ts';
import { encodeRequest } from '../../reply/encode.ts';
import { sha1Hex } from '../../scripting/redis-library.ts';
import type { Value } from '../../values/value.ts';

const nothing = '0'.repeat(40);

export function digestOfAll(keyspace: Keyspace): Bytes {
  let sum = 0n;
  for (const database of keyspace.databases) {
    for (const [key, entry] of database.entries()) {
      sum ^= numberOf(encodeRequest([String(database.index), key, digestOfEntry(entry)]));
    }
  }
  return hex(sum);
}

/** Also for a key that is not there. */
export function digestOfEntry(entry: Entry | undefined): Bytes {
  if (entry === undefined) return nothing;
  const expiry = entry.expireAtMs === undefined ? 'stays' : 'expires';
  return sha1Hex(encodeRequest([entry.value.type, expiry, hex(digestOfValue(entry.value))]));
}

function digestOfValue(value: Value): bigint {
  switch (value.type) {
    case 'string':
      return numberOf(value.bytes);
    case 'set':
      return combined(value.members().map((member) => [member]));
    case 'hash':
      return combined(value.entries());
    case 'zset':
      return combined(value.slice(0, value.size).map(({ member, score }) => [member, formatDouble(score)]));
    case 'list':
      return numberOf(encodeRequest(value.slice(0, value.size)));
    case 'stream':
      return numberOf(encodeValue(value));
  }
}

/** The same in any order. */
function combined(items: Iterable<readonly Bytes[]>): bigint {
  let sum = 0n;
  for (const item of items) sum ^= numberOf(encodeRequest(item));
  return sum;
}

function numberOf(bytes: Bytes): bigint {
  return BigInt(`0x${sha1Hex(bytes)}`);
}

function hex(number: bigint): Bytes {
  return number.toString(16).padStart(40, '0');
}
