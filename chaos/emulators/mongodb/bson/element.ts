/** Finds single fields in BSON without decoding the document: most reads need its `_id` or one indexed field only. */
import { elementTypes } from './element-types.ts';
import { InvalidBsonError } from './errors.ts';

/** Start of the element (its type byte) with this name in the document at `start`; -1 when there is none. */
export function findElement(bytes: Uint8Array, start: number, name: Uint8Array): number {
  let at = start + 4;
  for (;;) {
    const type = bytes[at];
    if (type === 0) return -1;
    if (type === undefined) throw new InvalidBsonError('document is cut short', at);
    let index = 0;
    let byte = bytes[at + 1];
    while (byte === name[index] && byte !== undefined) {
      index += 1;
      byte = bytes[at + 1 + index];
    }
    if (byte === 0 && index === name.length) return at;
    let valueAt = at + 1 + index;
    while (bytes[valueAt] !== 0) {
      if (valueAt >= bytes.length) throw new InvalidBsonError('name without its end', at);
      valueAt += 1;
    }
    at = skipValue(bytes, type, valueAt + 1);
  }
}

/** Offset just behind the value of this type that starts at `at`. */
export function skipValue(bytes: Uint8Array, type: number, at: number): number {
  switch (type) {
    case elementTypes.double:
    case elementTypes.date:
    case elementTypes.timestamp:
    case elementTypes.int64:
      return at + 8;
    case elementTypes.int32:
      return at + 4;
    case elementTypes.objectId:
      return at + 12;
    case elementTypes.bool:
      return at + 1;
    case elementTypes.string:
    case elementTypes.code:
    case elementTypes.symbol:
      return at + 4 + lengthAt(bytes, at);
    case elementTypes.object:
    case elementTypes.array:
    case elementTypes.codeWithScope:
      return at + lengthAt(bytes, at);
    case elementTypes.binary:
      return at + 5 + lengthAt(bytes, at);
    case elementTypes.decimal128:
      return at + 16;
    case elementTypes.regex:
      return skipZero(bytes, skipZero(bytes, at));
    case elementTypes.null:
    case elementTypes.undefined:
    case elementTypes.minKey:
    case elementTypes.maxKey:
      return at;
    default:
      throw new InvalidBsonError(`unsupported BSON type 0x${type.toString(16)}`, at);
  }
}

/** Length prefix at `at`; refuses lengths that would not move forward. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  const length =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
  if (length < 0 || at + length > bytes.length) throw new InvalidBsonError(`invalid length ${length}`, at);
  return length;
}

function skipZero(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== 0) {
    if (at >= bytes.length) throw new InvalidBsonError('text without its end', from);
    at += 1;
  }
  return at + 1;
}
