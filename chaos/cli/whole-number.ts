/** Whole numbers as people write them after a flag. */
import { UsageError } from '../errors.ts';

export interface WholeNumberRange {
  /** 1 unless given. */
  readonly least?: number;
  /** None unless given. */
  readonly most?: number;
  /** One that makes sense for this flag. */
  readonly example: number;
}

/** Throws a UsageError that names `field` and what it may be. */
export function parseWholeNumber(field: string, text: string, range: WholeNumberRange): number {
  const { least = 1, most = Number.MAX_SAFE_INTEGER, example } = range;
  const value = /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const which = range.most === undefined ? `from ${least} on` : `from ${least} to ${most}`;
  throw new UsageError(`${field} "${text}" is no whole number ${which}`, `for example ${field} ${example}`);
}
