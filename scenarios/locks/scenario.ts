/** Few locks with much contention; holders are killed, paused past the TTL, or lose the lock when Redis loses its data. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const locks = defineScenario({
  name: 'locks',
  title: 'Contention on few keys; holders killed, paused past the TTL, robbed by an empty Redis',
  script: 'scenarios/locks/locks.k6.ts',
  world: { sessions: 2, generals: 100, cities: 10, nations: 4, items: 8 },
  processes: { api: 1, 'turn-processor': 2, 'db-sync': 1, 'auction-processor': 2 },
  rate: 16,
  duration: '6s',
  maxVus: 120,
  settings: { TURN_PERIOD_MS: '500' },
  faults: {
    short: ['turn-processor-killed', 'turn-processor-paused'],
    ci: ['redis-restart-empty', 'redis-flap'],
    smoke: [],
  },
  byDefault: false,
  invariants: invariants(
    'I1',
    'I2',
    'I3',
    'I5',
    'I10',
    'I12',
    'I13',
    'I16',
    'I17',
    'I18',
    'I19',
    'I20',
    'I21',
  ),
  maxErrorRate: { none: 0.05, default: 0.4 },
});
