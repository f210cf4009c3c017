/** All scenarios, in alphabetical order. */
import { auctions } from './auctions/experiment.ts';
import { court } from './court/experiment.ts';
import type { Experiment } from './experiment.ts';
import { reads } from './reads/experiment.ts';
import { turns } from './turns/experiment.ts';
import { writes } from './writes/experiment.ts';

export const experiments: readonly Experiment[] = [auctions, court, reads, turns, writes];
