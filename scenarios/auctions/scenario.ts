/** Auctions settled by clients and two daemons at once: each once, and no gold made or lost. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const auctions = defineScenario({
  name: 'auctions',
  title: 'Bid storms at closing time, settlement by the API and two daemons at once',
  script: 'scenarios/auctions/auctions.k6.ts',
  world: { sessions: 1, generals: 40, cities: 10, nations: 3, items: 30 },
  processes: { api: 2, 'turn-processor': 0, 'db-sync': 1, 'auction-processor': 2 },
  rate: 30,
  duration: '7s',
  maxVus: 150,
  faults: {
    short: ['redis-down', 'mongo-down'],
    ci: ['redis-restart-empty', 'mongo-commit-reply-lost', 'mongo-write-conflicts', 'mongo-step-down'],
    full: [
      'api-commit-killed',
      'api-commit-refused',
      'api-key-refused',
      'api-last-statement-refused',
      'api-release-late',
    ],
    smoke: [],
  },
  byDefault: false,
  invariants: invariants('I3', 'I4', 'I10', 'I11', 'I12', 'I16', 'I17', 'I18', 'I19', 'I20', 'I21'),
  maxErrorRate: { none: 0.05, 'mongo-down': 0.7, 'mongo-step-down': 0.6, default: 0.4 },
});
