/** BSON as readable values (bsonspec.org, version 1.1). The bytes may end early: the fields that are there are told. */
import { bounded, depthMax, itemsMax, more, type Readable } from './readable-value.ts';

const FIELDS_MAX = 60;

export interface ReadDocument {
  readonly fields: Record<string, Readable>;
  /** Where the document ends, or the bytes do. */
  readonly end: number;
}

interface Read {
  readonly value: Readable;
  readonly end: number;
}

/** Signals that the bytes ended within a value. */
class Ended extends Error {}

export function documentAt(bytes: Buffer, at: number, depth = 0): ReadDocument {
  const fields: Record<string, Readable> = {};
  const length = at + 4 <= bytes.length ? bytes.readInt32LE(at) : 0;
  const end = Math.min(bytes.length, at + Math.max(5, length));
  let offset = at + 4;
  let told = 0;
  let left = 0;
  try {
    while (offset < end && bytes[offset] !== 0) {
      const nameEnd = bytes.indexOf(0, offset + 1);
      if (nameEnd === -1) throw new Ended();
      const name = bytes.toString('utf8', offset + 1, nameEnd);
      const { value, end: next } = elementAt(bytes, bytes[offset] ?? 0, nameEnd + 1, depth);
      if (told < FIELDS_MAX) fields[name] = value;
      else left += 1;
      told += 1;
      offset = next;
    }
  } catch (error) {
    if (!(error instanceof Ended) && !(error instanceof RangeError)) throw error;
    fields['…'] = 'not recorded';
  }
  if (left > 0) fields['…'] = more(left);
  return { fields, end };
}

function elementAt(bytes: Buffer, type: number, at: number, depth: number): Read {
  switch (type) {
    case 1:
      return { value: bytes.readDoubleLE(at), end: at + 8 };
    case 2:
    case 13:
    case 14: {
      const length = bytes.readInt32LE(at);
      const end = at + 4 + length;
      if (end > bytes.length) throw new Ended();
      return { value: bounded(bytes.toString('utf8', at + 4, end - 1)), end };
    }
    case 3:
    case 4:
      return nestedAt(bytes, type === 4, at, depth);
    case 5:
      return binaryAt(bytes, at);
    case 7:
      return { value: slice(bytes, at, 12).toString('hex'), end: at + 12 };
    case 8:
      return { value: bytes.readUInt8(at) === 1, end: at + 1 };
    case 9:
      return { value: dateText(Number(bytes.readBigInt64LE(at))), end: at + 8 };
    case 11: {
      const patternEnd = bytes.indexOf(0, at);
      const optionsEnd = patternEnd === -1 ? -1 : bytes.indexOf(0, patternEnd + 1);
      if (optionsEnd === -1) throw new Ended();
      const pattern = bytes.toString('utf8', at, patternEnd);
      const options = bytes.toString('utf8', patternEnd + 1, optionsEnd);
      return { value: bounded(`/${pattern}/${options}`), end: optionsEnd + 1 };
    }
    case 16:
      return { value: bytes.readInt32LE(at), end: at + 4 };
    case 17:
      return { value: `timestamp ${bytes.readUInt32LE(at + 4)}:${bytes.readUInt32LE(at)}`, end: at + 8 };
    case 18: {
      const value = bytes.readBigInt64LE(at);
      const exact = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
      return { value: exact ? Number(value) : String(value), end: at + 8 };
    }
    case 19:
      return { value: `decimal ${slice(bytes, at, 16).toString('hex')}`, end: at + 16 };
    case 6:
    case 10:
      return { value: null, end: at };
    case 255:
      return { value: 'MinKey', end: at };
    case 127:
      return { value: 'MaxKey', end: at };
    default:
      // Deprecated types have no length of their own that could be skipped.
      throw new Ended();
  }
}

function nestedAt(bytes: Buffer, isArray: boolean, at: number, depth: number): Read {
  const length = bytes.readInt32LE(at);
  if (depth >= depthMax) return { value: more(1), end: at + length };
  const { fields } = documentAt(bytes, at, depth + 1);
  if (!isArray) return { value: fields, end: at + length };
  const items = Object.values(fields);
  const value =
    items.length <= itemsMax ? items : [...items.slice(0, itemsMax), more(items.length - itemsMax)];
  return { value, end: at + length };
}

const UUID = 4;

function binaryAt(bytes: Buffer, at: number): Read {
  const length = bytes.readInt32LE(at);
  const end = at + 5 + length;
  if (bytes.readUInt8(at + 4) === UUID && length === 16) {
    return { value: slice(bytes, at + 5, 16).toString('hex'), end };
  }
  return { value: `binary, ${length} bytes`, end };
}

function slice(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw new Ended();
  return bytes.subarray(at, at + length);
}

function dateText(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? `date ${epochMs}` : date.toISOString();
}
