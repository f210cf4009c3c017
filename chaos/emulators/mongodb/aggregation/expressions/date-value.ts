/** Dates as expressions take and make them: also timestamps and ObjectIds have a time, at whole seconds. */
import { ObjectId, Timestamp } from 'bson';
import { locationError, MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';

/** What JavaScript's dates, and so this server's, can hold on both sides of 1970. */
const dateMillisecondsMax = 8_640_000_000_000_000n;

/** @throws MongoError Overflow beyond the range of dates. */
export function dateOf(milliseconds: bigint, name: string): Date {
  if (milliseconds > dateMillisecondsMax || milliseconds < -dateMillisecondsMax) {
    throw new MongoError('Overflow', `date overflow in ${name}`);
  }
  return new Date(Number(milliseconds));
}

/** Milliseconds since the epoch of a date, timestamp or ObjectId; undefined for other types. */
export function millisecondsOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Timestamp) return value.t * 1000;
  if (value instanceof ObjectId)
    return Buffer.from(value.id.buffer, value.id.byteOffset, 4).readInt32BE() * 1000;
  return undefined;
}

/** @throws MongoError 16006 for a value that has no time. */
export function requireMilliseconds(value: unknown): number {
  const milliseconds = millisecondsOf(value);
  if (milliseconds !== undefined) return milliseconds;
  throw locationError(16006, `can't convert from BSON type ${typeNameOf(value)} to Date`);
}
