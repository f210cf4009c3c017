/** Commands on strings. */
import { commandFamily } from '../family.ts';
import { counters } from './counters.ts';
import { getAndSet } from './get-and-set.ts';
import { lcs } from './longest-common-subsequence.ts';
import { ranges } from './ranges.ts';
import { stringsTable } from './table.ts';

export const strings = commandFamily('string', stringsTable, { ...getAndSet, ...counters, ...ranges, lcs });
