/** Cursor ids as clients send them: 64-bit integers. */
import { MongoError } from '../errors.ts';
import { typeNameOf } from '../query/bson-value.ts';
import { integerOf } from '../numbers/number-type.ts';

/** @throws MongoError TypeMismatch. */
export function cursorIdOf(value: unknown, field: string): bigint {
  const type = typeNameOf(value);
  if (type === 'long' || type === 'int') return integerOf(value);
  throw new MongoError(
    'TypeMismatch',
    `BSON field '${field}' is the wrong type '${type}', expected type 'long'`,
  );
}
