/** A compiled filter. */

/** Filled while matching: which element of an array matched, for the positional `$` of updates and projections. */
export interface MatchDetails {
  arrayIndex?: number;
}

export type Predicate = (document: unknown, details?: MatchDetails) => boolean;
