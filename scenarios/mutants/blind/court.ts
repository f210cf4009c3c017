/** Mistakes in hiring, diplomacy and what a destruction means for both. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const courtMutants: readonly Mutant[] = [
  {
    // A hire by a destroyed nation is answered 201 instead of 409, and the nation has a general again.
    name: 'destroyed-nation-hires',
    title: 'Hiring does not ask whether the nation still exists',
    edits: [
      {
        file: 'system/compound/hire-general.ts',
        find: "import { needActiveNation } from './find-or-refuse.ts';",
        replace: "import { needNation } from './find-or-refuse.ts';",
      },
      {
        file: 'system/compound/hire-general.ts',
        find: 'await needActiveNation(unit, collections, sessionId, hire.nation)',
        replace: 'await needNation(unit, collections, sessionId, hire.nation)',
      },
    ],
    scenario: 'campaign',
    fault: 'none',
    breaks: ['I6'],
    variant: { durationMs: 8_000, world: { nations: 4 } },
  },
  {
    // Two nations at war still name each other in allies.
    name: 'ended-alliance-stays-listed',
    title: 'The end of an alliance does not remove the ally from the lists',
    edits: [
      {
        file: 'system/compound/change-diplomacy.ts',
        find: '[...others, other].toSorted((a, b) => a - b) : others;',
        replace: '[...others, other].toSorted((a, b) => a - b) : nation.allies;',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I7'],
  },
  {
    // Active nations name a destroyed one in allies, without a relation to it.
    name: 'fallen-nation-stays-an-ally',
    title: 'A destroyed nation is not removed from the lists of its allies',
    edits: [
      {
        file: 'system/compound/destroy-nation.ts',
        find: 'allies: ally.allies.filter((other) => other !== number),',
        replace: 'allies: ally.allies,',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I6'],
  },
  {
    // A general who is hired after the turn has passed the generals and before it ends stays one turn behind the
    // session.
    name: 'hire-during-turn-is-a-turn-behind',
    title: 'A general hired during a turn is given the age of the turn before',
    edits: [
      {
        file: 'system/compound/hire-general.ts',
        find: 'const turn = session.turn_started?.turn ?? session.turn;',
        replace: 'const turn = session.turn;',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I1'],
    // Turns are long, so that many hires meet one.
    variant: {
      ratePerSecond: 40,
      world: { generals: 200 },
      settings: { TURN_PERIOD_MS: '300', TURN_CHUNK_SIZE: '4' },
    },
  },
  {
    // The population of the nation stays the same, however many generals it hires.
    name: 'hire-takes-no-people',
    title: 'A hire takes gold from the nation and no people',
    edits: [
      {
        file: 'system/compound/hire-general.ts',
        find: `    population: nation.population - hire.population,
`,
        replace: '',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I8'],
  },
];
