/** The `_id` of a document, read from its BSON without decoding the rest. */
import { decodeValue } from '../bson/decode.ts';
import { findElement } from '../bson/element.ts';
import { MongoError } from '../errors.ts';

const idName = Buffer.from('_id');

/** Throws `MongoError` BadValue when there is none: whoever inserts a document gives it one. */
export function indexedIdOf(bytes: Uint8Array): unknown {
  const at = findElement(bytes, 0, idName);
  if (at < 0) throw new MongoError('BadValue', 'the document has no _id');
  return decodeValue(bytes, bytes[at] ?? 0, at + 2 + idName.length);
}
