/**
 * Values cross to mingo and back here: it computes with plain JavaScript numbers and knows BSON's other classes only
 * as opaque values. An integer too large for a plain number stays a Long and can be compared but not computed with.
 */
import { BSONRegExp, Double, Int32, Long, Timestamp } from 'bson';
import { fieldOrder } from '../bson/field-order.ts';
import { isDocument, setField } from '../query/bson-value.ts';

export function toMingo(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toMingo);
  if (isDocument(value)) {
    const copy: Record<string, unknown> = {};
    for (const name of Object.keys(value)) setField(copy, name, toMingo(value[name]));
    if (fieldOrder in value) Object.assign(copy, { [fieldOrder]: value[fieldOrder] });
    return copy;
  }
  if (value instanceof Double || value instanceof Int32) return value.value;
  if (value instanceof Long && !(value instanceof Timestamp)) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof BSONRegExp) {
    return new RegExp(value.pattern, value.options.replaceAll(/[^ims]/g, ''));
  }
  return value;
}

/** Integers beyond 32 bits come back as longs, as the sum of ints and longs is one in MongoDB. */
export function fromMingo(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && (value | 0) !== value && value !== 0
      ? Long.fromNumber(value)
      : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => fromMingo(item ?? null));
  if (isDocument(value)) {
    const copy: Record<string, unknown> = {};
    for (const name of Object.keys(value)) setField(copy, name, fromMingo(value[name]));
    if (fieldOrder in value) Object.assign(copy, { [fieldOrder]: value[fieldOrder] });
    return copy;
  }
  return value;
}
