/** Rounds in parallel and rewards that fail and are tried again: each is paid once, without a transaction. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const tournaments = defineScenario({
  name: 'tournaments',
  title: 'Rounds in parallel, rewards failing and retried',
  script: 'scenarios/tournaments/tournaments.k6.ts',
  // Also the time between two rounds: four of them, from shortly before the load to its end.
  world: { sessions: 2, generals: 40, cities: 6, nations: 2, tournaments: 5, battleDurationMs: 1_900 },
  processes: { api: 2, 'turn-processor': 0, 'db-sync': 1, 'tournament-processor': 2 },
  rate: 10,
  duration: '7s',
  maxVus: 150,
  faults: {
    short: ['redis-down', 'mongo-down'],
    ci: ['redis-restart-empty', 'mongo-reset', 'db-sync-killed'],
    smoke: [],
  },
  byDefault: false,
  invariants: invariants('I4', 'I9', 'I10', 'I11', 'I16', 'I17', 'I18', 'I19', 'I20', 'I21'),
  maxErrorRate: { none: 0.05, 'mongo-down': 0.7, 'redis-down': 0.7, default: 0.4 },
});
