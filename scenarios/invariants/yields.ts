/**
 * What turns yield: of each entity as much as of its turns, no more and no less. Where what a turn yields depends on who owned a city
 * at that moment, the least and the greatest that it may have been must do.
 */
import { isUnclear } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, nameOf, type Document } from './documents.ts';

type Bounds = readonly [least: number, most: number];
type Yield = (seeded: Document, turns: number, context: { readonly conquests: boolean }) => Bounds | null;

const ricePerCity = 10;
const growthPerMille = { neutral: 1, owned: 5 };

const exactly = (value: number): Bounds => [value, value];

/** An owned city is worked on once a turn. */
function worked(field: string): Yield {
  return (city, turns, { conquests }) => {
    const before = city[field];
    if (typeof before !== 'number') return null;
    if (conquests) return [before, before + turns];
    return exactly(before + (city['nation'] === 0 ? 0 : turns));
  };
}

function grown(population: number, turns: number, perMille: number): number {
  let people = population;
  for (let turn = 0; turn < turns; turn += 1) people += Math.floor((people * perMille) / 1000);
  return people;
}

const yields: Readonly<Record<string, Readonly<Record<string, Yield>>>> = {
  generals: {
    rice: ({ rice }, turns) => (typeof rice === 'number' ? exactly(Math.max(0, rice - turns)) : null),
  },
  cities: {
    agriculture: worked('agriculture'),
    commerce: worked('commerce'),
    population: ({ population, nation }, turns, { conquests }) => {
      if (typeof population !== 'number') return null;
      const neutral = grown(population, turns, growthPerMille.neutral);
      const owned = grown(population, turns, growthPerMille.owned);
      if (conquests) return [neutral, owned];
      return exactly(nation === 0 ? neutral : owned);
    },
  },
  nations: {
    rice: ({ rice, city_count: cities }, turns, { conquests }) => {
      if (typeof rice !== 'number' || typeof cities !== 'number') return null;
      return conquests ? [rice, Infinity] : exactly(rice + turns * cities * ricePerCity);
    },
  },
};

export function yieldFindings(history: readonly Operation[], evidence: Evidence): Finding[] {
  const context = { conquests: mayHaveConquered(history, evidence) };
  return Object.entries(yields).flatMap(([collection, fields]) => {
    const final = new Map(documentsOf(evidence, collection).map((one) => [nameOf(one), one]));
    return (evidence.initial?.[collection] ?? []).flatMap((seeded) => {
      const stored = final.get(nameOf(seeded));
      const turns = turnsBetween(seeded, stored);
      if (stored === undefined || turns === null) return [];
      return Object.entries(fields).flatMap(([field, of]) => {
        const found = stored[field];
        const bounds = of(seeded, turns, context);
        if (bounds === null || typeof found !== 'number') return [];
        return found >= bounds[0] && found <= bounds[1]
          ? []
          : [wrongYield(seeded, field, found, turns, bounds)];
      });
    });
  });
}

/** Null where the counts of turns do not tell: that is said elsewhere. */
function turnsBetween(seeded: Document, stored: Document | undefined): number | null {
  const [before, after] = [seeded['turns_lived'], stored?.['turns_lived']];
  if (typeof before !== 'number' || typeof after !== 'number' || after < before) return null;
  return after - before;
}

function mayHaveConquered(history: readonly Operation[], evidence: Evidence): boolean {
  return (
    documentsOf(evidence, 'battles').some(({ status }) => status === 'finalised') ||
    documentsOf(evidence, 'nations').some(({ status }) => status === 'destroyed') ||
    history.some((operation) => {
      if (operation.f !== 'occupy') return false;
      return isUnclear(operation) || operation.value['outcome'] === 'applied';
    })
  );
}

function wrongYield(
  seeded: Document,
  field: string,
  found: number,
  turns: number,
  [least, most]: Bounds,
): Finding {
  const name = nameOf(seeded);
  const expected = least === most ? String(least) : `${least} to ${most}`;
  return {
    definite: false,
    witness: () => ({
      summary: `${name} has ${found} ${field}, and with ${String(seeded[field])} at the beginning and ${turns} turns it should have ${expected}`,
      operations: [],
      facts: { entity: name, field, seeded: seeded[field], turns, expected: [least, most], found },
    }),
  };
}
