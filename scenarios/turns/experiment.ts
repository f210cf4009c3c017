/** Turns under every outage, with two turn-processors racing each other and the clients. */
import type { Experiment } from '../experiment.ts';

export const turns: Experiment = {
  name: 'turns',
  title: 'Concurrent turns: several turn-processors, replays and duplicates of the same turn numbers',
  script: 'turns/turns.k6.ts',
  world: { sessions: 2, generals: 150, cities: 20, nations: 4 },
  processes: { api: 1, turnProcessor: 2, dbSync: 1 },
  load: { durationMs: 7_000, ratePerSecond: 30, maxVus: 120 },
  settings: { TURN_PERIOD_MS: '700' },
  outages: ['redis-down', 'redis-slow', 'redis-restart-empty', 'mongo-down', 'turn-processor-killed'],
  moreOutages: [
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
  durationMsUnder: { 'mongo-partition': 15_000 },
  smokeOutages: ['redis-down', 'turn-processor-killed'],
  invariants: ['I1', 'I2', 'I10', 'I11', 'I12', 'I13', 'I14', 'I15', 'I16'],
  unavailableShareMax: {
    none: 0.01,
    'mongo-down': 0.6,
    'turn-processor-killed': 0.05,
    'mongo-restart': 0.6,
    'mongo-step-down': 0.6,
    'mongo-partition': 0.8,
    default: 0.3,
  },
};
