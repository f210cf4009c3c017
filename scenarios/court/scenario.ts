/** Hiring and diplomacy while turns go on: each hire pays once, a newcomer misses no turn, and a relation says the same from both sides. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const court = defineScenario({
  name: 'court',
  title: 'Hiring and diplomacy from both sides at once',
  script: 'scenarios/court/court.k6.ts',
  world: { sessions: 1, generals: 40, cities: 12, nations: 5, relations: 4 },
  processes: { api: 2, 'turn-processor': 1, 'db-sync': 1 },
  rate: 12,
  duration: '6s',
  maxVus: 150,
  settings: { TURN_PERIOD_MS: '900' },
  faults: {
    short: ['mongo-down'],
    ci: ['mongo-commit-reply-lost', 'mongo-write-conflicts', 'api-killed', 'redis-down'],
    full: ['api-commit-killed', 'api-commit-refused', 'api-key-refused', 'api-last-statement-refused'],
    smoke: [],
  },
  byDefault: false,
  invariants: invariants('I1', 'I4', 'I7', 'I8', 'I10', 'I11', 'I16', 'I17', 'I18', 'I19', 'I20'),
  maxErrorRate: { none: 0.05, 'mongo-down': 0.7, 'api-killed': 0.6, default: 0.4 },
});
