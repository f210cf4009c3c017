/**
 * I6: a destroyed nation owns nothing and has no diplomacy: no city, no general, no relation, no ally, and it is nobody's ally. And it
 * stays destroyed: whoever was told of its end finds it ended.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, nameOf, numberOf, textOf, type Document } from './documents.ts';

const identity = { invariant: 'I6', title: 'A destroyed nation owns nothing' };
const operationsShownMax = 6;
const namesShownMax = 5;

export const destroyedOwnNothing: Checker = {
  ...identity,
  check: (history, evidence) => {
    const nations = documentsOf(evidence, 'nations');
    const destroyed = nations.filter(({ status }) => status === 'destroyed');
    const possessions = possessionsByNation(evidence);
    const findings = destroyed.flatMap((nation) => {
      const left = possessions.get(nameOf(nation)) ?? [];
      const own = [
        ...(numberOf(nation, 'city_count') === 0 ? [] : [`a city_count of ${String(nation['city_count'])}`]),
        ...(Array.isArray(nation['allies']) && nation['allies'].length > 0 ? ['allies'] : []),
        ...(nation['destroyed_at'] ? [] : ['no time of its end']),
        ...left,
      ];
      return own.length === 0 ? [] : [possessionFinding(history, nation, own)];
    });
    findings.push(
      ...resurrected(history, nations),
      ...endedAndActive(nations),
      ...fellWithACityLeft(evidence),
    );
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${destroyed.length} of ${nations.length} nations are destroyed, and nothing is theirs`,
      missing: destroyed.length === 0 ? 'no nation was destroyed' : null,
    });
  },
};

/** Names of what belongs to each nation, or speaks of it as an ally. */
function possessionsByNation(evidence: Evidence): Map<string, string[]> {
  const possessions = new Map<string, string[]>();
  const add = (document: Document, nation: unknown, what: string) => {
    const owner = `${textOf(document, 'session_id')}:n${String(nation)}`;
    const own = possessions.get(owner);
    if (own === undefined) possessions.set(owner, [what]);
    else own.push(what);
  };
  for (const city of documentsOf(evidence, 'cities')) add(city, city['nation'], `city ${nameOf(city)}`);
  for (const general of documentsOf(evidence, 'generals'))
    add(general, general['nation'], `general ${nameOf(general)}`);
  for (const row of documentsOf(evidence, 'diplomacy')) {
    add(row, row['from'], `relation ${nameOf(row)}`);
    add(row, row['to'], `relation ${nameOf(row)}`);
  }
  for (const nation of documentsOf(evidence, 'nations')) {
    const allies = nation['allies'];
    if (!Array.isArray(allies)) continue;
    for (const ally of allies) add(nation, ally, `a place among the allies of ${nameOf(nation)}`);
  }
  return possessions;
}

function possessionFinding(history: readonly Operation[], nation: Document, own: readonly string[]): Finding {
  return {
    definite: false,
    witness: () => ({
      summary: `destroyed nation ${nameOf(nation)} still has ${own[0]}${own.length > 1 ? ` and ${own.length - 1} more` : ''}`,
      operations: involving(history, textOf(nation, 'session_id'), numberOf(nation, 'nation')),
      facts: {
        nation: nameOf(nation),
        destroyedAt: nation['destroyed_at'] ?? null,
        found: own.slice(0, namesShownMax),
        count: own.length,
      },
    }),
  };
}

function involving(history: readonly Operation[], session: string, nation: number): Operation[] {
  const fields = ['nation', 'from', 'to', 'destroyedNation'];
  return history
    .filter(({ f, value }) => !f.startsWith('read-') && value['sessionId'] === session)
    .filter(({ value }) => fields.some((field) => value[field] === nation))
    .toSorted((left, right) => left.startedMs - right.startedMs)
    .slice(-operationsShownMax);
}

export function resurrected(history: readonly Operation[], nations: readonly Document[]): Finding[] {
  const active = new Map(
    nations.filter(({ status }) => status !== 'destroyed').map((nation) => [nameOf(nation), nation]),
  );
  const ends = new Map<string, Operation>();
  for (const operation of history) {
    if (operation.type !== 'ok') continue;
    const nation = endedBy(operation);
    if (nation !== null && active.has(nation) && !ends.has(nation)) ends.set(nation, operation);
  }
  return [...ends].map(([nation, operation]) => ({
    definite: true,
    witness: () => ({
      summary: `the end of nation ${nation} was acknowledged, and it is ${String(active.get(nation)?.['status'])}`,
      operations: [operation],
      facts: { nation, status: active.get(nation)?.['status'] ?? null },
    }),
  }));
}

/** Status and time of its end are one write. */
function endedAndActive(nations: readonly Document[]): Finding[] {
  return nations
    .filter((nation) => nation['status'] !== 'destroyed' && (nation['destroyed_at'] ?? null) !== null)
    .map((nation) => ({
      definite: true,
      witness: () => ({
        summary: `nation ${nameOf(nation)} is ${String(nation['status'])}, and was destroyed at ${String(nation['destroyed_at'])}`,
        operations: [],
        facts: { nation },
      }),
    }));
}

/**
 * A battle ends a nation that lost its last city. Cities that a nation has when it ends become neutral at the same moment, by the same clock, as its end: so
 * there is none of them.
 */
function fellWithACityLeft(evidence: Evidence): Finding[] {
  const nations = new Map(documentsOf(evidence, 'nations').map((nation) => [nameOf(nation), nation]));
  return documentsOf(evidence, 'battles').flatMap((battle) => {
    const session = textOf(battle, 'session_id');
    const fallen = nations.get(`${session}:n${String(battle['destroyed_nation'])}`);
    const endedAt = fallen?.['destroyed_at'] ?? null;
    if (fallen === undefined || endedAt === null) return [];
    const left = documentsOf(evidence, 'cities').filter(
      (city) =>
        city['session_id'] === session &&
        city['nation'] === 0 &&
        city['occupied_at'] === endedAt &&
        city['city'] !== battle['city'],
    );
    const [first] = left;
    if (first === undefined) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `battle ${nameOf(battle)} ended nation ${nameOf(fallen)}, which had ${nameOf(first)} still`,
          operations: [],
          facts: { battle: nameOf(battle), nation: nameOf(fallen), endedAt, cities: left.map(nameOf) },
        }),
      },
    ];
  });
}

function endedBy(operation: Operation): string | null {
  const session = textField(operation, 'sessionId');
  if (operation.f === 'destroy') return `${session}:n${numberField(operation, 'nation')}`;
  const destroyed = operation.f === 'finish-battle' ? operation.value['destroyedNation'] : null;
  return typeof destroyed === 'number' ? `${session}:n${destroyed}` : null;
}
