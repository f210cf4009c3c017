/**
 * The owner of a city as an object that changes one step at a time: occupations, which tell whom it was taken from, battles and the ends of nations. What
 * battles and ends of nations did is in the documents; when they did it is known by the answers of clients alone, for the clocks of the processes order nothing.
 */
import { isUnclear, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Finding } from '../../reports/checkers/checker.ts';
import { linearizable, type ObjectModel } from '../../reports/checkers/linearizable.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { documentsOf, nameOf, numberOf, textOf, type Document } from './documents.ts';

/** Number of a nation, 0 for none; `?` where it may be any. */
type Owner = number | '?';

const statesMax = 20_000;
const begin = Number.MIN_SAFE_INTEGER;

export function cityOwnerFindings(history: readonly Operation[], evidence: Evidence): readonly Finding[] {
  const cities = documentsOf(evidence, 'cities');
  return linearizable({
    title: 'The owner of each city is explained',
    operations: { f: 'occupy' },
    key: ({ value }) => `${String(value['sessionId'])}:c${String(value['city'])}`,
    model: ownerModel(evidence),
    hidden: () => changesByDocuments(history, evidence, cities),
    reads: (operation) => operation.type === 'ok' && operation.value['outcome'] === 'already',
    // A city that is gone is missed elsewhere.
    final: () => new Map(cities.map((city) => [nameOf(city), city['nation']])),
    statesMax,
  }).examine(history, evidence).findings;
}

function ownerModel(evidence: Evidence): ObjectModel<Owner> {
  const seeded = numbersBy(evidence.initial?.['cities'] ?? [], 'nation');
  const nations = numbersBy(evidence.initial?.['generals'] ?? [], 'nation');
  return {
    initial: (city) => seeded.get(city) ?? '?',
    apply: (owner, { f, type, value }) => {
      if (f === 'nation-ended') return { state: owner === value['nation'] ? 0 : owner };
      if (f === 'battle-won') return { state: ownerOf(value['nation']) };
      if (type !== 'ok')
        return { state: nations.get(`${String(value['sessionId'])}:g${String(value['no'])}`) ?? '?' };
      const nation = ownerOf(value['nation']);
      const expected = value['outcome'] === 'applied' ? ownerOf(value['from']) : nation;
      if (owner !== '?' && expected !== '?' && owner !== expected)
        return {
          impossible: `it belonged to nation ${owner} then, and the answer says to nation ${expected}`,
        };
      return { state: nation };
    },
    show: (owner) => owner,
    matches: (owner, found) => owner === '?' || owner === found,
  };
}

function ownerOf(value: unknown): Owner {
  return typeof value === 'number' ? value : '?';
}

function numbersBy(documents: readonly Document[], field: string): ReadonlyMap<string, number> {
  return new Map(
    documents.flatMap((document) => {
      const found = document[field];
      return typeof found === 'number' ? [[nameOf(document), found] as const] : [];
    }),
  );
}

/** What battles and ends of nations did to cities: by the operations that did it where one is known, else at any time before somebody knew. */
function changesByDocuments(
  history: readonly Operation[],
  evidence: Evidence,
  cities: readonly Document[],
): { readonly key: string; readonly operation: Operation }[] {
  const endMs = evidence.quiescedMs ?? evidence.loadEndMs;
  const battles = documentsOf(evidence, 'battles');
  const finished = Map.groupBy(
    history.filter(({ f }) => f === 'finish-battle'),
    (one) => `${textField(one, 'sessionId')}:b${textField(one, 'battle')}`,
  );
  const destroyed = Map.groupBy(
    history.filter(({ f }) => f === 'destroy'),
    ({ value }) => `${String(value['sessionId'])}:n${String(value['nation'])}`,
  );
  const attackers = numbersBy(evidence.initial?.['generals'] ?? [], 'nation');
  const nations = documentsOf(evidence, 'nations');
  const ended = new Set(nations.filter(({ status }) => status === 'destroyed').map(nameOf));
  const won = battles
    .filter(({ status, winner }) => status === 'finalised' && winner === 'attacker')
    .map((battle) => {
      const session = textOf(battle, 'session_id');
      const attacker = attackers.get(`${session}:g${String(battle['attacker'])}`);
      // An attacker whose nation had ended takes nothing: then it may have been so or not.
      const homeless = attacker === undefined || attacker === 0 || ended.has(`${session}:n${attacker}`);
      const times = timesOf(finished.get(nameOf(battle)) ?? [], endMs);
      const change = hidden('battle-won', { nation: homeless ? null : attacker }, times);
      return { key: `${session}:c${numberOf(battle, 'city')}`, battle, times, operation: change };
    });
  const ends = new Map(
    [...ended, ...destroyed.keys()].map((nation) => {
      const own = destroyed.get(nation) ?? [];
      const times = timesOf(own, ended.has(nation) ? endMs : Infinity);
      return [nation, times] as const;
    }),
  );
  for (const { battle, times } of won) {
    const lost = battle['destroyed_nation'];
    if (typeof lost === 'number') ends.set(`${textOf(battle, 'session_id')}:n${lost}`, times);
  }
  return [
    ...won,
    ...[...ends].flatMap(([nation, times]) => {
      const [session = '', number] = nation.split(/:n(?=\d+$)/);
      const change = hidden('nation-ended', { nation: Number(number) }, times);
      return cities
        .filter((city) => city['session_id'] === session)
        .map((city) => ({ key: nameOf(city), operation: change }));
    }),
  ];
}

interface Times {
  readonly startedMs: number;
  readonly endedMs: number;
}

/** When work was done that these operations asked for, and daemons may have done by themselves. */
function timesOf(operations: readonly Operation[], latestMs: number): Times {
  const answered = operations.filter((one) => one.type === 'ok');
  const doing = answered.find(({ value }) => value['outcome'] === 'applied');
  if (doing !== undefined && !operations.some(isUnclear)) return doing;
  return {
    startedMs: begin,
    endedMs: answered.reduce((first, { endedMs }) => Math.min(first, endedMs), latestMs),
  };
}

function hidden(f: string, value: Record<string, unknown>, { startedMs, endedMs }: Times): Operation {
  return { process: 0, f, type: 'info', value, intendedMs: startedMs, startedMs, endedMs };
}
