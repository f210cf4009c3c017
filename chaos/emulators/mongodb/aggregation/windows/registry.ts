/** Functions that only $setWindowFields has; it also takes the accumulators. */
import { numericFunctions } from './numeric.ts';
import { rankingFunctions } from './ranking.ts';
import type { WindowTable } from './window-function.ts';

export const windowFunctions: WindowTable = { ...numericFunctions, ...rankingFunctions };
