/** All scenarios, in alphabetical order. */
import { auctions } from './auctions/experiment.ts';
import { campaign } from './campaign/experiment.ts';
import { court } from './court/experiment.ts';
import type { Experiment } from './experiment.ts';
import { locks } from './locks/experiment.ts';
import { occupations } from './occupations/experiment.ts';
import { reads } from './reads/experiment.ts';
import { tournaments } from './tournaments/experiment.ts';
import { turns } from './turns/experiment.ts';
import { writes } from './writes/experiment.ts';

export const experiments: readonly Experiment[] = [
  auctions,
  campaign,
  court,
  locks,
  occupations,
  reads,
  tournaments,
  turns,
  writes,
];
