/** Mistakes in battles, occupations and the fall of nations. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const battleMutants: readonly Mutant[] = [
  {
    // The battle never ends: battle-processors try it in every round, and the API answers 409 nation_missing.
    name: 'battle-of-landless-attacker-never-ends',
    title: 'A battle won by an attacker who lost the own nation meanwhile is refused instead of ended',
    edits: [
      {
        file: 'system/compound/finish-battle.ts',
        find: "error instanceof SystemError && (error.code === 'nation_destroyed' || error.code === 'nation_missing');",
        replace: "error instanceof SystemError && error.code === 'nation_destroyed';",
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: [],
    notJudged:
      'no attacker of this cell has lost the own nation when the battle ends; I17 judges battles that do not end',
  },
  {
    // After an occupation the general still has the old city, with last_action occupy_city.
    name: 'conqueror-stays-at-home',
    title: 'The general who takes a city is not moved into it',
    edits: [
      {
        file: 'system/compound/occupy-city.ts',
        find: 'const arrival = { city: cityNumber, last_action:',
        replace: 'const arrival = { last_action:',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    // Generals and cities of the nation with the same number in every other session are freed too, whose city_count
    // is then wrong.
    name: 'destruction-reaches-other-worlds',
    title: 'The filter for what a destroyed nation owned lacks the session',
    edits: [
      {
        file: 'system/compound/destroy-nation.ts',
        find: 'const owned = { session_id: sessionId, nation: number };',
        replace: 'const owned = { nation: number };',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I5'],
    // Enough destructions that some nation ends in one of the worlds only.
    variant: { durationMs: 6_000, ratePerSecond: 30, world: { sessions: 2 } },
  },
  {
    // A lost battle over the last city but one destroys the nation; its remaining city becomes neutral and its
    // generals free.
    name: 'nation-falls-with-a-city-left',
    title: 'A nation is destroyed by a lost battle while it still has one city',
    edits: [
      {
        file: 'system/compound/finish-battle.ts',
        find: 'loser.city_count > 0',
        replace: 'loser.city_count > 1',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I6'],
  },
  {
    // A request with winner "defender" is answered with winner "attacker", and the city changes hands, if the
    // attacker has more soldiers.
    name: 'winner-of-request-ignored',
    title: 'The winner named in the request is not looked at',
    edits: [
      {
        file: 'system/compound/finish-battle.ts',
        find: 'battle.winner ?? strongerSide(found)',
        replace: 'strongerSide(found)',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I5'],
  },
];
