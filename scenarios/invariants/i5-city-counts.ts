/**
 * I5: each nation's `city_count` equals the cities it owns. And who was told that a city is his has it, unless somebody may have taken
 * it since: the owner of a city is a register too.
 */
import { textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { sameJson } from '../../reports/record/same-json.ts';
import { cityOwnerFindings } from './city-owners.ts';
import { documentsOf, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { preservedFindings } from './world.ts';

const identity = { invariant: 'I5', title: 'Each nation counts the cities it owns' };
const operationsShownMax = 6;

export const cityCounts: Checker = {
  ...identity,
  check: (history, evidence) => {
    const conquests = history.filter(({ f }) => f === 'occupy' || f === 'finish-battle');
    const nations = documentsOf(evidence, 'nations');
    const findings = [
      ...preservedFindings(evidence, 'battles', 'cities', 'nations'),
      ...ownerlessFindings(evidence),
      ...countFindings(conquests, evidence),
      ...battleFindings(history, evidence),
      ...cityOwnerFindings(history, evidence),
    ];
    const moved = citiesMoved(conquests, evidence);
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${nations.length} nations own as many cities as they count, after ${moved} cities changed hands`,
      missing: moved === 0 ? 'no city changed hands' : null,
    });
  },
};

/** Occupations and battles known to have taken a city, by their answers or by the battle's own record. */
function citiesMoved(conquests: readonly Operation[], evidence: Evidence): number {
  const occupied = conquests.filter(
    ({ f, type, value }) => f === 'occupy' && type === 'ok' && value['outcome'] === 'applied',
  );
  const won = documentsOf(evidence, 'battles').filter(
    ({ status, winner }) => status === 'finalised' && winner === 'attacker',
  );
  return occupied.length + won.length;
}

function countFindings(conquests: readonly Operation[], evidence: Evidence): Finding[] {
  const owned = new Map<string, number[]>();
  for (const city of documentsOf(evidence, 'cities')) {
    const owner = `${textOf(city, 'session_id')}:n${numberOf(city, 'nation')}`;
    const cities = owned.get(owner);
    if (cities === undefined) owned.set(owner, [numberOf(city, 'city')]);
    else cities.push(numberOf(city, 'city'));
  }
  return documentsOf(evidence, 'nations').flatMap((nation) => {
    const cities = owned.get(nameOf(nation)) ?? [];
    const counted = numberOf(nation, 'city_count');
    if (counted === cities.length) return [];
    return [
      {
        definite: false,
        witness: () => ({
          summary: `nation ${nameOf(nation)} counts ${counted} cities and owns ${cities.length}`,
          operations: involving(conquests, textOf(nation, 'session_id'), numberOf(nation, 'nation'), cities),
          facts: { nation: nameOf(nation), status: nation['status'], counted, owned: cities },
        }),
      },
    ];
  });
}

/** Conquests that moved a city to or from the nation, and those of unknown end, which may have. */
function involving(
  conquests: readonly Operation[],
  session: string,
  nation: number,
  cities: readonly number[],
): Operation[] {
  return conquests
    .filter(
      ({ type, value }) =>
        value['sessionId'] === session &&
        (type === 'info' ||
          value['nation'] === nation ||
          value['from'] === nation ||
          cities.some((city) => city === value['city'])),
    )
    .toSorted((left, right) => left.startedMs - right.startedMs)
    .slice(-operationsShownMax);
}

/** A city belongs to a nation that is there. */
function ownerlessFindings(evidence: Evidence): Finding[] {
  const nations = new Set(documentsOf(evidence, 'nations').map(nameOf));
  return documentsOf(evidence, 'cities').flatMap((city) => {
    const owner = `${textOf(city, 'session_id')}:n${numberOf(city, 'nation')}`;
    if (numberOf(city, 'nation') === 0 || nations.has(owner)) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `city ${nameOf(city)} belongs to nation ${owner}, which is not in the database`,
          operations: [],
          facts: { city: nameOf(city), nation: owner },
        }),
      },
    ];
  });
}

/** An end of a battle that was acknowledged is in its record, as it was acknowledged. */
export function battleFindings(history: readonly Operation[], evidence: Evidence): Finding[] {
  const battles = new Map(documentsOf(evidence, 'battles').map((battle) => [nameOf(battle), battle]));
  const answered = history.flatMap((end): Finding[] => {
    if (end.f !== 'finish-battle' || end.type !== 'ok') return [];
    const name = `${textField(end, 'sessionId')}:b${textField(end, 'battle')}`;
    const battle = battles.get(name);
    const record = {
      status: battle?.['status'] ?? null,
      city: battle?.['city'] ?? null,
      winner: battle?.['winner'] ?? null,
      destroyedNation: battle?.['destroyed_nation'] ?? null,
    };
    const told = {
      ...record,
      status: 'finalised',
      ...pick(end.value, ['city', 'winner', 'destroyedNation']),
    };
    if (sameJson(record, told)) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `the end of battle ${name} was acknowledged as ${JSON.stringify(told)}, and its record says ${battle === undefined ? 'nothing, for it is not in the database' : JSON.stringify(record)}`,
          operations: [end],
          facts: { battle: name, expected: told, found: battle === undefined ? null : record },
        }),
      },
    ];
  });
  return [
    ...answered,
    ...history.flatMap(otherWinner),
    ...appliedTwice(history),
    ...[...battles.values()].flatMap(recordFindings),
  ];
}

/** The winner that the request names, when it is that request that ended the battle. */
function otherWinner(end: Operation): Finding[] {
  const { wanted, winner, outcome } = end.value;
  if (end.f !== 'finish-battle' || end.type !== 'ok' || outcome !== 'applied') return [];
  if (wanted === undefined || winner === undefined || wanted === winner) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `battle ${textField(end, 'battle')} of ${textField(end, 'sessionId')} was ended for the ${String(wanted)}, and the answer names the ${String(winner)}`,
        operations: [end],
        facts: { wanted, winner },
      }),
    },
  ];
}

/** A battle ends once, so one answer alone can say that it ended it. */
function appliedTwice(history: readonly Operation[]): Finding[] {
  const applied = history.filter(
    ({ f, type, value }) => f === 'finish-battle' && type === 'ok' && value['outcome'] === 'applied',
  );
  const byBattle = Map.groupBy(
    applied,
    (end) => `${textField(end, 'sessionId')}:b${textField(end, 'battle')}`,
  );
  return [...byBattle]
    .filter(([, ends]) => ends.length > 1)
    .map(([battle, ends]) => ({
      definite: true,
      witness: () => ({
        summary: `battle ${battle} was acknowledged as ended ${ends.length} times`,
        operations: ends.slice(0, operationsShownMax),
        facts: { battle, times: ends.length },
      }),
    }));
}

function pick(value: Operation['value'], fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((field) => field in value).map((field) => [field, value[field]]));
}

/** A battle has a winner when it is over, and not before. */
function recordFindings(battle: Document): Finding[] {
  const over = battle['status'] === 'finalised';
  const winner = battle['winner'] ?? null;
  const lost = battle['destroyed_nation'] ?? null;
  const fits = over
    ? winner !== null && (lost === null || winner === 'attacker')
    : winner === null && lost === null;
  if (fits) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `battle ${nameOf(battle)} is ${String(battle['status'])}, its winner is ${String(winner)}, and the nation it destroyed is ${String(lost)}`,
        operations: [],
        facts: { battle: nameOf(battle), status: battle['status'], winner, destroyedNation: lost },
      }),
    },
  ];
}
