/** A value in the details of a failed validation. */
import { typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';

export function reportedValue(value: unknown): Document {
  return { consideredValue: value, consideredType: typeNameOf(value) };
}
