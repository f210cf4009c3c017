/** Arguments that say how many. */
import { plainError } from '../errors.ts';
import type { Context } from './context.ts';

/** A count that makes no sense below 1. */
export function atLeastOne(context: Context, position: number, refusal: string): number {
  const value = context.integer(position, `ERR ${refusal}`);
  if (value < 1) throw plainError(refusal);
  return value;
}
