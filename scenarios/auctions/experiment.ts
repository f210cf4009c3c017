/** Auctions settled by clients and two daemons at once: each once, and no gold made or lost. */
import type { Experiment } from '../experiment.ts';

export const auctions: Experiment = {
  name: 'auctions',
  title: 'Bid storms at closing time, settlement by the API and two daemons at once',
  script: 'auctions/auctions.k6.ts',
  world: { sessions: 1, generals: 40, cities: 10, nations: 3, items: 30 },
  processes: { api: 2, turnProcessor: 0, dbSync: 1, auctionProcessor: 2 },
  load: { durationMs: 7_000, ratePerSecond: 30, maxVus: 150, setupMs: 1_500 },
  settings: {},
  outages: ['redis-down', 'mongo-down'],
  moreOutages: ['redis-restart-empty', 'mongo-commit-reply-lost', 'mongo-write-conflicts', 'mongo-step-down'],
  byDefault: false,
  invariants: ['I3', 'I4', 'I10', 'I11', 'I12', 'I16'],
  unavailableShareMax: { none: 0.05, 'mongo-down': 0.7, 'mongo-step-down': 0.6, default: 0.4 },
};
