/** Hiring and diplomacy while turns go on: each hire pays once, a newcomer misses no turn, and a relation says the same from both sides. */
import type { Experiment } from '../experiment.ts';

export const court: Experiment = {
  name: 'court',
  title: 'Hiring and diplomacy from both sides at once',
  script: 'court/court.k6.ts',
  world: { sessions: 1, generals: 40, cities: 12, nations: 5, relations: 4 },
  processes: { api: 2, turnProcessor: 1, dbSync: 1 },
  load: { durationMs: 6_000, ratePerSecond: 12, maxVus: 150 },
  settings: { TURN_PERIOD_MS: '900' },
  outages: ['mongo-down'],
  moreOutages: ['mongo-commit-reply-lost', 'mongo-write-conflicts', 'api-killed', 'redis-down'],
  byDefault: false,
  invariants: ['I1', 'I4', 'I7', 'I8', 'I10', 'I11', 'I16'],
  unavailableShareMax: { none: 0.05, 'mongo-down': 0.7, 'api-killed': 0.6, default: 0.4 },
};
