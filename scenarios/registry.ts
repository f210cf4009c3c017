/** All scenarios, in alphabetical order. */
import type { Experiment } from './experiment.ts';
import { reads } from './reads/experiment.ts';
import { turns } from './turns/experiment.ts';
import { writes } from './writes/experiment.ts';

export const experiments: readonly Experiment[] = [reads, turns, writes];
