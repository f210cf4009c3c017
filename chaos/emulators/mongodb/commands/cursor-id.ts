/** Cursor ids as clients send them: 64-bit integers. */
import { MongoError, locationError } from '../errors.ts';
import { typeNameOf } from '../query/bson-value.ts';
import { integerOf } from '../numbers/number-type.ts';

/** @throws MongoError TypeMismatch. */
export function cursorIdOf(value: unknown, field: string): bigint {
  const type = typeNameOf(value);
  if (type === 'long') return integerOf(value);
  if (value === undefined || value === null) {
    throw locationError(40414, `BSON field '${field}' is missing but a required field`);
  }
  throw new MongoError(
    'TypeMismatch',
    `BSON field '${field}' is the wrong type '${type}', expected type 'long'`,
  );
}
