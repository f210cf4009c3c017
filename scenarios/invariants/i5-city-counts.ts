/**
 * I5: each nation's `city_count` equals the cities it owns. And who was told that a city is his has it, unless somebody may have taken
 * it since: the owner of a city is a register too.
 */
import { isUnclear, numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, nameOf, numberOf, textOf } from './documents.ts';

const identity = { invariant: 'I5', title: 'Each nation counts the cities it owns' };
const operationsShownMax = 6;

export const cityCounts: Checker = {
  ...identity,
  check: (history, evidence) => {
    const conquests = history.filter(({ f }) => f === 'occupy' || f === 'finish-battle');
    const nations = documentsOf(evidence, 'nations');
    const findings = [...countFindings(conquests, evidence), ...ownerFindings(history, evidence)];
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

/** Cities whose last change of hands was acknowledged, with nothing at the same time or after it that may have changed them. */
function ownerFindings(history: readonly Operation[], evidence: Evidence): Finding[] {
  const contested = contestedUntil(history, evidence);
  const last = new Map<string, Operation>();
  for (const operation of history) {
    if (operation.f !== 'occupy' || operation.type !== 'ok') continue;
    const key = cityKey(operation);
    const before = last.get(key);
    if (before === undefined || operation.startedMs > before.startedMs) last.set(key, operation);
  }
  const owners = new Map(documentsOf(evidence, 'cities').map((city) => [nameOf(city), city['nation']]));
  return [...last].flatMap(([city, occupation]) => {
    const nation = numberField(occupation, 'nation');
    const session = textField(occupation, 'sessionId');
    if (owners.get(city) === nation) return [];
    const others = contested.filter(
      (other) =>
        other.operation !== occupation &&
        other.session === session &&
        (other.city === null || other.city === city) &&
        other.untilMs >= occupation.startedMs,
    );
    if (others.length > 0) return [];
    return [
      {
        definite: false,
        witness: () => ({
          summary: `city ${city} was acknowledged as nation ${nation}'s last, and belongs to nation ${String(owners.get(city))}`,
          operations: [occupation],
          facts: { city, expected: nation, found: owners.get(city) ?? null },
        }),
      },
    ];
  });
}

/** What may change the owner of a city, or of any city of the session when `city` is null, and until when. */
interface Contest {
  readonly session: string;
  readonly city: string | null;
  readonly untilMs: number;
  readonly operation: Operation | null;
}

function contestedUntil(history: readonly Operation[], evidence: Evidence): Contest[] {
  const contests: Contest[] = [];
  const battleCities = new Map(
    documentsOf(evidence, 'battles').map((battle) => [
      nameOf(battle),
      `${textOf(battle, 'session_id')}:c${numberOf(battle, 'city')}`,
    ]),
  );
  for (const operation of history) {
    if (operation.type === 'fail' && !isUnclear(operation)) continue;
    const untilMs = isUnclear(operation) ? Infinity : operation.endedMs;
    if (operation.f === 'occupy')
      contests.push({
        session: textField(operation, 'sessionId'),
        city: cityKey(operation),
        untilMs,
        operation,
      });
    if (operation.f === 'destroy')
      contests.push({ session: textField(operation, 'sessionId'), city: null, untilMs, operation });
  }
  // A battle's time is that of the process that ended it, and tells nothing when a clock was shifted.
  const skewed = evidence.faults.some(({ fault }) => fault === 'clock-jump');
  // Battles are also ended by daemons, at times no client knows; and may destroy a nation.
  for (const battle of documentsOf(evidence, 'battles')) {
    const session = textOf(battle, 'session_id');
    if (battle['status'] !== 'finalised' || battle['winner'] !== 'attacker') continue;
    const city = battle['destroyed_nation'] === null ? (battleCities.get(nameOf(battle)) ?? null) : null;
    contests.push({
      session,
      city,
      untilMs: skewed ? Infinity : Date.parse(textOf(battle, 'updated_at')),
      operation: null,
    });
  }
  return contests;
}

function cityKey(operation: Operation): string {
  return `${textField(operation, 'sessionId')}:c${numberField(operation, 'city')}`;
}
