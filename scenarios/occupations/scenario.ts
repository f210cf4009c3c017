/** Battles, occupations and the fall of nations at once: every count fits, and who is destroyed owns nothing. */
import { defineScenario } from '../../chaos/api/index.ts';
import { invariants } from '../invariants/registry.ts';

export const occupations = defineScenario({
  name: 'occupations',
  title: 'Battles for the same cities finishing together, nations falling',
  script: 'scenarios/occupations/occupations.k6.ts',
  // All battles end by themselves about two and a half seconds into the load, while a fault lasts.
  world: {
    sessions: 1,
    generals: 40,
    cities: 20,
    nations: 8,
    battles: 20,
    relations: 8,
    battleDurationMs: 4_600,
  },
  processes: { api: 2, 'turn-processor': 0, 'db-sync': 1, 'battle-processor': 2 },
  rate: 12,
  duration: '7s',
  maxVus: 150,
  faults: {
    short: ['redis-down', 'mongo-down'],
    ci: ['redis-restart-empty', 'mongo-commit-reply-lost', 'mongo-write-conflicts'],
    full: ['api-commit-killed', 'api-commit-refused', 'api-last-statement-refused', 'api-release-late'],
    smoke: [],
  },
  byDefault: false,
  invariants: invariants('I5', 'I6', 'I7', 'I10', 'I11', 'I12', 'I16', 'I17', 'I18', 'I19', 'I20', 'I21'),
  // Under redis-restart the cell of a mutant.
  maxErrorRate: {
    none: 0.05,
    'redis-down': 0.7,
    'redis-restart': 0.4,
    'mongo-down': 0.7,
    default: 0.4,
  },
});
