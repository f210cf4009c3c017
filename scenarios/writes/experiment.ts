/** Player actions saved through the cache: nothing acknowledged may be missing afterwards. */
import type { Experiment } from '../experiment.ts';

export const writes: Experiment = {
  name: 'writes',
  title: 'Player actions saved through the cache, many on the same general',
  script: 'writes/writes.k6.ts',
  world: { sessions: 1, generals: 60, cities: 20, nations: 4 },
  processes: { api: 2, turnProcessor: 0, dbSync: 2 },
  load: { durationMs: 6_000, ratePerSecond: 50, maxVus: 200 },
  settings: {},
  outages: ['redis-down', 'redis-slow', 'redis-restart-empty', 'mongo-down'],
  moreOutages: [
    'redis-restart',
    'mongo-hang',
    'mongo-partition',
    'mongo-write-conflicts',
    'db-sync-killed',
    'all-down',
  ],
  durationMsUnder: { 'mongo-partition': 15_000 },
  smokeOutages: ['mongo-down'],
  invariants: ['I10', 'I11', 'I14', 'I15', 'I16'],
  unavailableShareMax: {
    none: 0.01,
    'mongo-down': 0.7,
    'mongo-hang': 0.7,
    'mongo-partition': 0.8,
    'all-down': 0.7,
    default: 0.3,
  },
  // Refusals belong to the outage: before it there are none.
  unavailableInPhaseMax: { baseline: { default: 0.02 } },
};
