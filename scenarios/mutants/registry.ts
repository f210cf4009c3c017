/** The mutants of the system, in alphabetical order. */
import type { Mutant } from '../../chaos/api/index.ts';

export const mutants: readonly Mutant[] = [];
