/** Documents to be inserted, as bytes: well-formed, not too large, with an `_id` that may be one and stands first. */
import type { ObjectId } from 'bson';
import { decodeDocument, decodeValue } from '../bson/decode.ts';
import { elementTypes } from '../bson/element-types.ts';
import { findElement, skipValue } from '../bson/element.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { shellText } from '../storage/duplicate-key.ts';

/** MongoDB's BSONObjMaxUserSize. */
export const documentBytesMax = 16 * 1024 * 1024;

const idName = Buffer.from('_id');
const idHeaderBytes = 1 + idName.length + 1;
const scalarIdTypes: ReadonlySet<number> = new Set([
  elementTypes.double,
  elementTypes.string,
  elementTypes.binary,
  elementTypes.objectId,
  elementTypes.bool,
  elementTypes.date,
  elementTypes.null,
  elementTypes.int32,
  elementTypes.int64,
  elementTypes.timestamp,
  elementTypes.decimal128,
  elementTypes.minKey,
  elementTypes.maxKey,
  elementTypes.code,
  elementTypes.symbol,
]);

/** @throws MongoError BSONObjectTooLarge, InvalidBSON, InvalidIdField. */
export function incomingDocument(given: Uint8Array, newId: () => ObjectId): Uint8Array {
  checkSize(given);
  checkStructure(given);
  const at = findElement(given, 0, idName);
  if (at === -1) return withGeneratedId(given, newId());
  checkId(given, at);
  return at === 4 ? given : withIdFirst(given, at);
}

/** @throws MongoError BSONObjectTooLarge. */
export function checkSize(bytes: Uint8Array): void {
  if (bytes.length <= documentBytesMax) return;
  throw new MongoError(
    'BSONObjectTooLarge',
    `object to insert too large. size in bytes: ${bytes.length}, max size: ${documentBytesMax}`,
  );
}

/** What a pipeline makes may be a little larger than what is stored. @throws MongoError BSONObjectTooLarge. */
export function checkResultSize(bytes: Uint8Array): void {
  const bytesMax = documentBytesMax + 16 * 1024;
  if (bytes.length <= bytesMax) return;
  throw new MongoError(
    'BSONObjectTooLarge',
    `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${bytesMax}`,
  );
}

/** Decoding is the check: what cannot be decoded could never be read again. */
function checkStructure(bytes: Uint8Array): void {
  try {
    decodeDocument(bytes);
  } catch (thrown) {
    throw new MongoError('InvalidBSON', thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function checkId(bytes: Uint8Array, at: number): void {
  const type = bytes[at] ?? 0;
  if (scalarIdTypes.has(type)) return;
  if (type === elementTypes.array)
    throw new MongoError('InvalidIdField', "The '_id' value cannot be of type array");
  if (type === elementTypes.regex)
    throw new MongoError('InvalidIdField', "The '_id' value cannot be of type regex");
  if (type === elementTypes.undefined)
    throw new MongoError('InvalidIdField', "The '_id' value cannot be of type undefined");
  const id = decodeValue(bytes, type, at + idHeaderBytes);
  refuseDollarFields(id);
}

/** @throws MongoError DollarPrefixedFieldName for `{_id: {$a: 1}}`. */
export function refuseDollarFields(id: unknown): void {
  if (!isDocument(id)) return;
  const dollar = Object.keys(id).find((name) => name.startsWith('$'));
  if (dollar !== undefined && !isReference(id)) {
    throw new MongoError(
      'DollarPrefixedFieldName',
      `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage. (${shellText(id)})`,
    );
  }
}

function isReference(id: Record<string, unknown>): boolean {
  return '$ref' in id && '$id' in id;
}

function withGeneratedId(given: Uint8Array, id: ObjectId): Uint8Array {
  const addedBytes = idHeaderBytes + 12;
  const result = Buffer.allocUnsafe(given.length + addedBytes);
  result.writeInt32LE(result.length, 0);
  result[4] = elementTypes.objectId;
  result.set(idName, 5);
  result[5 + idName.length] = 0;
  result.set(id.id, 4 + idHeaderBytes);
  result.set(given.subarray(4), 4 + addedBytes);
  return result;
}

function withIdFirst(given: Uint8Array, at: number): Uint8Array {
  const end = skipValue(given, given[at] ?? 0, at + idHeaderBytes);
  const result = Buffer.allocUnsafe(given.length);
  result.set(given.subarray(0, 4), 0);
  result.set(given.subarray(at, end), 4);
  result.set(given.subarray(4, at), 4 + end - at);
  result.set(given.subarray(end), end);
  return result;
}
