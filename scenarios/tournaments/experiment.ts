/** Rounds in parallel and rewards that fail and are tried again: each is paid once, without a transaction. */
import type { Experiment } from '../experiment.ts';

export const tournaments: Experiment = {
  name: 'tournaments',
  title: 'Rounds in parallel, rewards failing and retried',
  script: 'tournaments/tournaments.k6.ts',
  // Also the time between two rounds: four of them, from shortly before the load to its end.
  world: { sessions: 2, generals: 40, cities: 6, nations: 2, tournaments: 5, battleDurationMs: 1_900 },
  processes: { api: 2, turnProcessor: 0, dbSync: 1, tournamentProcessor: 2 },
  load: { durationMs: 7_000, ratePerSecond: 10, maxVus: 150 },
  settings: {},
  outages: ['redis-down', 'mongo-down'],
  moreOutages: ['redis-restart-empty', 'mongo-reset', 'db-sync-killed'],
  byDefault: false,
  invariants: ['I4', 'I9', 'I10', 'I11', 'I16'],
  unavailableShareMax: { none: 0.05, 'mongo-down': 0.7, 'redis-down': 0.7, default: 0.4 },
};
