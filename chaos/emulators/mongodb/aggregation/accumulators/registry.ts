/** All accumulators of $group, $bucket, $bucketAuto and windows, by name. */
import type { AccumulatorTable } from './accumulator.ts';
import { arithmeticAccumulators } from './arithmetic.ts';
import { collectingAccumulators } from './collecting.ts';

export const accumulators: AccumulatorTable = { ...arithmeticAccumulators, ...collectingAccumulators };

/** They would run code that a client sends. */
export const refusedAccumulators: ReadonlySet<string> = new Set(['$accumulator']);
