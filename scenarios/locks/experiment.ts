/** Few locks and many who want them; holders are killed, paused past the TTL, and robbed by a Redis that lost its data. */
import type { Experiment } from '../experiment.ts';

export const locks: Experiment = {
  name: 'locks',
  title: 'Contention on few keys; holders killed, paused past the TTL, robbed by an empty Redis',
  script: 'locks/locks.k6.ts',
  world: { sessions: 2, generals: 100, cities: 10, nations: 4, items: 8 },
  processes: { api: 1, turnProcessor: 2, dbSync: 1, auctionProcessor: 2 },
  load: { durationMs: 6_000, ratePerSecond: 16, maxVus: 120, setupMs: 1_000 },
  settings: { TURN_PERIOD_MS: '500' },
  outages: ['turn-processor-killed', 'turn-processor-paused'],
  moreOutages: ['redis-restart-empty', 'redis-flap'],
  byDefault: false,
  invariants: ['I1', 'I2', 'I3', 'I5', 'I12', 'I13', 'I16'],
  unavailableShareMax: { none: 0.05, default: 0.4 },
};
