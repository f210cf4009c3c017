/** Reads through the three layers while other processes write: what may be stale, and for how long. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const reads = defineScenario({
  name: 'reads',
  title: 'Read-heavy traffic with updates from other processes',
  script: 'scenarios/reads/reads.k6.ts',
  world: { sessions: 1, generals: 120, cities: 20, nations: 4 },
  processes: { api: 2, 'turn-processor': 0, 'db-sync': 1 },
  rate: 80,
  duration: '6s',
  maxVus: 200,
  faults: {
    short: ['redis-down', 'redis-slow', 'redis-restart-empty', 'mongo-down'],
    ci: ['redis-bandwidth', 'redis-flap', 'redis-reset', 'mongo-slow', 'api-killed'],
    smoke: ['redis-restart-empty'],
  },
  // An older value has to be read later than the bound of staleness.
  durationUnder: { 'redis-restart-older': '9s' },
  invariants: invariants('I10', 'I11', 'I14', 'I15', 'I16', 'I17', 'I18', 'I19', 'I20'),
  maxErrorRate: { none: 0.01, 'mongo-down': 0.6, 'mongo-slow': 0.3, 'api-killed': 0.6, default: 0.1 },
  // What is read is served without Redis as well, and before the first fault nothing is refused.
  maxErrorRateInPhase: {
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
});
