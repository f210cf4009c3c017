/** Battles, occupations and the fall of nations at once: every count fits, and who is destroyed owns nothing. */
import type { Experiment } from '../experiment.ts';

export const occupations: Experiment = {
  name: 'occupations',
  title: 'Battles for the same cities finishing together, nations falling',
  script: 'occupations/occupations.k6.ts',
  // All battles end by themselves about two and a half seconds into the load, while a fault lasts.
  world: {
    sessions: 1,
    generals: 40,
    cities: 20,
    nations: 8,
    battles: 20,
    relations: 8,
    battleDurationMs: 4_600,
  },
  processes: { api: 2, turnProcessor: 0, dbSync: 1, battleProcessor: 2 },
  load: { durationMs: 7_000, ratePerSecond: 12, maxVus: 150 },
  settings: {},
  outages: ['redis-down', 'mongo-down'],
  moreOutages: ['redis-restart-empty', 'mongo-commit-reply-lost', 'mongo-write-conflicts'],
  byDefault: false,
  invariants: ['I5', 'I6', 'I7', 'I11', 'I12', 'I16'],
  unavailableShareMax: { none: 0.05, 'redis-down': 0.7, 'mongo-down': 0.7, default: 0.4 },
};
