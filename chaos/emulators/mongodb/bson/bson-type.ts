/**
 * Name of the `bson` class of a value, undefined for other objects. The classes have `_bsontype` on their prototype;
 * a document that came over the wire may hold a field of that name, and must not be taken for one of them.
 */
export function bsonTypeOf(value: object): string | undefined {
  if (!('_bsontype' in value)) return undefined;
  const type = value._bsontype;
  return typeof type === 'string' && !Object.hasOwn(value, '_bsontype') ? type : undefined;
}
