/** Reads through the three layers while other processes write: what may be stale, and for how long. */
import type { Experiment } from '../experiment.ts';

export const reads: Experiment = {
  name: 'reads',
  title: 'Read-heavy traffic with updates from other processes',
  script: 'reads/reads.k6.ts',
  world: { sessions: 1, generals: 120, cities: 20, nations: 4 },
  processes: { api: 2, turnProcessor: 0, dbSync: 1 },
  load: { durationMs: 6_000, ratePerSecond: 80, maxVus: 200 },
  settings: {},
  outages: ['redis-down', 'redis-slow', 'redis-restart-empty', 'mongo-down'],
  moreOutages: ['redis-bandwidth', 'redis-flap', 'redis-reset', 'mongo-slow', 'api-killed'],
  smokeOutages: ['redis-restart-empty'],
  invariants: ['I10', 'I11', 'I14', 'I15', 'I16'],
  unavailableShareMax: { none: 0.01, 'mongo-down': 0.6, 'mongo-slow': 0.3, 'api-killed': 0.6, default: 0.1 },
  // What is read is served without Redis as well, and before the first fault nothing is refused.
  unavailableInPhaseMax: {
    baseline: { default: 0.02 },
    fault: {
      'redis-down': 0.05,
      'redis-slow': 0.05,
      'redis-restart-empty': 0.05,
      'mongo-down': 0.7,
      default: 0.6,
    },
    recovery: { 'redis-down': 0.05, 'redis-slow': 0.05, 'redis-restart-empty': 0.05, default: 0.6 },
  },
};
