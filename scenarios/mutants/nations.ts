/** Mutants of what nations do: occupy cities, hire, change their relations, end. */
import type { Mutant } from '../../chaos/api/index.ts';

export const nationMutants: readonly Mutant[] = [
  {
    // The commit is given up after 30 s instead of 60 s.
    name: 'battle-with-half-the-time-to-commit',
    title: 'The end of a battle has the usual time to commit, also when it ends a nation',
    edits: [
      {
        file: 'system/compound/operations.ts',
        find: `    // It may be the end of a nation.
    commitTimeMs: destructionCommitTimeMs,
`,
        replace: '',
      },
    ],
    scenario: 'occupations',
    fault: 'mongo-slow',
    breaks: [],
    notJudged: 'a cell is over before a commit reaches either limit',
  },
  {
    name: 'city-counted-apart',
    title:
      'Cities are counted outside the transaction in which they change hands, and again when it is repeated',
    edits: [
      {
        file: 'system/compound/occupy-city.ts',
        find: 'await unit.change(nations, winner, { city_count: winner.city_count + 1 });',
        replace:
          'await nations.documents.updateOne({ _id: winner._id }, { $inc: { city_count: 1, version: 1 } });',
      },
    ],
    scenario: 'occupations',
    fault: 'mongo-write-conflicts',
    breaks: ['I5'],
    // Most of the many nations can be counted while the fault holds the city, for long enough that occupations are repeated.
    variant: {
      durationMs: 8_000,
      ratePerSecond: 30,
      world: { nations: 24, generals: 60, cities: 40 },
      window: { applyAtMs: 2_000, healAtMs: 6_500 },
      parameters: { holdMs: 60, pauseMs: 30 },
    },
  },
  {
    name: 'city-occupied-again',
    title: 'A nation that takes its own city counts the city once more',
    edits: [
      {
        file: 'system/compound/occupy-city.ts',
        find: 'if (city.nation === winner.nation)',
        replace: 'if (city.nation === winner.nation && general.city === cityNumber)',
      },
      {
        file: 'system/compound/occupy-city.ts',
        find: 'if (city.nation !== neutralNation) {',
        replace: 'if (city.nation !== neutralNation && city.nation !== winner.nation) {',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I5'],
    // Few nations, so that generals often occupy a city that their nation owns already.
    variant: { ratePerSecond: 30, world: { nations: 3 } },
  },
  {
    // A destruction by request does not end within its deadline.
    name: 'destruction-one-by-one',
    title: 'A destruction writes each document in a round trip of its own',
    edits: [
      {
        file: 'system/compound/unit-of-work.ts',
        find: `    const changes = befores.map((before) => ({ before, after: this.#next(before, fieldsOf(before)) }));
`,
        replace: `    for (const before of befores) await this.change(stored, before, fieldsOf(before));
    const changes: { before: T; after: T }[] = [];
`,
      },
    ],
    scenario: 'occupations',
    fault: 'mongo-slow',
    breaks: [],
    notJudged: 'an operation that always runs into its deadline is not judged',
  },
  {
    name: 'diplomacy-with-the-fallen',
    title: 'Operations do not check that a nation still exists, so destroyed nations make treaties',
    edits: [
      {
        file: 'system/compound/find-or-refuse.ts',
        find: "if (found.status === 'destroyed') {",
        replace: "if (found.status === 'destroyed' && found.city_count > 0) {",
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I6'],
    // Few nations, some of which are soon destroyed, so that many changes concern one of them.
    variant: { durationMs: 7_000, ratePerSecond: 20, world: { nations: 5 } },
  },
  {
    name: 'fallen-keep-their-cities',
    title: 'A nation that ends keeps its cities',
    edits: [
      {
        file: 'system/compound/destroy-nation.ts',
        find: 'const left = await unit.find(cities, owned);',
        replace: 'const left = await unit.find(cities, { ...owned, nation: neutralNation });',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I5', 'I6'],
  },
  {
    name: 'hire-paid-apart',
    title: 'A nation pays for a hire outside its transaction',
    edits: [
      {
        file: 'system/compound/hire-general.ts',
        find: 'await unit.change(sessions, session, {});',
        replace: '',
      },
      {
        file: 'system/compound/hire-general.ts',
        find: `await unit.change(nations, nation, {
    gold: nation.gold - hire.gold,
    population: nation.population - hire.population,
  });`,
        replace: `await nations.documents.updateOne(
    { _id: nation._id },
    { $inc: { gold: -hire.gold, population: -hire.population, version: 1 } },
  );
  await unit.change(sessions, session, {});`,
      },
    ],
    scenario: 'court',
    fault: 'mongo-write-conflicts',
    breaks: ['I4', 'I8'],
    variant: { ratePerSecond: 30 },
  },
  {
    // occupied_at says that a neutral city has been what it is since its last conquest, or never changed hands.
    name: 'neutral-city-undated',
    title: 'A city that becomes neutral keeps the time at which it was occupied',
    edits: [
      {
        file: 'system/compound/destroy-nation.ts',
        find: '{ nation: neutralNation, occupied_at: unit.now }',
        replace: '{ nation: neutralNation }',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: [],
    notJudged: 'occupied_at is not judged',
  },
  {
    // The general stays where he was, and the answer is `already`.
    name: 'own-city-without-arrival',
    title: "Occupying a city of one's own nation does not move the general",
    edits: [
      {
        file: 'system/compound/occupy-city.ts',
        find: `    if (general.city === cityNumber) return { outcome: 'already', data };
    await unit.change(generals, general, arrival);
    return { outcome: 'applied', data };`,
        replace: "    return { outcome: 'already', data };",
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: [],
    notJudged: 'the city of a general is not judged',
  },
  {
    name: 'own-side-of-a-relation',
    title: 'A nation changes its own side of a relation only',
    edits: [
      {
        file: 'system/compound/change-diplomacy.ts',
        find: 'await unit.change(collections.entities.nation, first,',
        replace: 'if (from === low) await unit.change(collections.entities.nation, first,',
      },
      {
        file: 'system/compound/change-diplomacy.ts',
        find: 'await unit.change(collections.entities.nation, second,',
        replace: 'if (from === high) await unit.change(collections.entities.nation, second,',
      },
      {
        file: 'system/compound/change-diplomacy.ts',
        find: 'await setDirection(unit, collections, there,',
        replace: 'if (from === low) await setDirection(unit, collections, there,',
      },
      {
        file: 'system/compound/change-diplomacy.ts',
        find: 'await setDirection(unit, collections, back,',
        replace: 'if (from === high) await setDirection(unit, collections, back,',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I7'],
  },
  {
    name: 'relation-half-removed',
    title: 'The end of a nation removes only its own side of its relations',
    edits: [
      {
        file: 'system/compound/destroy-nation.ts',
        find: '$or: [{ from: number }, { to: number }],',
        replace: 'from: number,',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I6', 'I7'],
  },
  {
    name: 'relations-of-the-fallen',
    title: 'The relations of a nation that ends are looked for by a field they do not have',
    edits: [
      {
        file: 'system/compound/destroy-nation.ts',
        find: '$or: [{ from: number }, { to: number }],',
        replace: 'nation: number,',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I6'],
  },
];
