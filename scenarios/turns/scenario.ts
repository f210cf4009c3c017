/** Turns under every fault, with two turn-processors competing with each other and the clients. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const turns = defineScenario({
  name: 'turns',
  title: 'Concurrent turns: several turn-processors, replays and duplicates of the same turn numbers',
  script: 'scenarios/turns/turns.k6.ts',
  world: { sessions: 2, generals: 150, cities: 20, nations: 4 },
  processes: { api: 1, 'turn-processor': 2, 'db-sync': 1 },
  rate: 30,
  duration: '7s',
  maxVus: 120,
  settings: { TURN_PERIOD_MS: '700' },
  faults: {
    short: ['redis-down', 'redis-slow', 'redis-restart-empty', 'mongo-down', 'turn-processor-killed'],
    ci: [
      'redis-hang',
      'redis-full',
      'redis-readonly',
      'mongo-restart',
      'mongo-step-down',
      'mongo-partition',
      'mongo-commit-reply-lost',
      'turn-processor-paused',
      'clock-jump',
    ],
    smoke: ['redis-down', 'turn-processor-killed'],
  },
  durationUnder: { 'mongo-partition': '15s' },
  invariants: invariants('I1', 'I2', 'I10', 'I11', 'I12', 'I13', 'I14', 'I15', 'I16', 'I20'),
  maxErrorRate: {
    none: 0.01,
    'mongo-down': 0.6,
    'turn-processor-killed': 0.05,
    'mongo-restart': 0.6,
    'mongo-step-down': 0.6,
    'mongo-partition': 0.8,
    default: 0.3,
  },
});
