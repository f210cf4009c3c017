/** Player actions saved through the cache: nothing acknowledged may be missing afterwards. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const writes = defineScenario({
  name: 'writes',
  title: 'Player actions saved through the cache, many on the same general',
  script: 'scenarios/writes/writes.k6.ts',
  world: { sessions: 1, generals: 60, cities: 20, nations: 4 },
  processes: { api: 2, 'turn-processor': 0, 'db-sync': 2 },
  rate: 50,
  duration: '6s',
  maxVus: 200,
  faults: {
    short: ['redis-down', 'redis-slow', 'redis-restart-empty', 'mongo-down'],
    ci: [
      'redis-restart',
      'mongo-hang',
      'mongo-partition',
      'mongo-write-conflicts',
      'db-sync-killed',
      'all-down',
    ],
    smoke: ['mongo-down'],
  },
  durationUnder: { 'mongo-partition': '15s' },
  invariants: invariants('I10', 'I11', 'I14', 'I15', 'I16', 'I17', 'I18', 'I19', 'I20'),
  maxErrorRate: {
    none: 0.01,
    'mongo-down': 0.7,
    'mongo-hang': 0.7,
    'mongo-partition': 0.8,
    // Not listed above: cells of mutants.
    'mongo-restart': 0.3,
    'redis-full': 0.3,
    'all-down': 0.7,
    default: 0.3,
  },
  // Refusals may occur during the fault, not before it.
  maxErrorRateInPhase: { baseline: { default: 0.02 } },
});
