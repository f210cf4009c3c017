/**
 * What docs/data.md says of every document by itself: its name, and that no field changes without a new version, a new write and a new time. What was
 * seeded is where it was unless work that is known moved it.
 */
import { isUnclear, numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { sameJson } from '../../reports/record/same-json.ts';
import type { Finding } from '../../reports/checkers/checker.ts';
import { entityCollections, nameByFields } from './document-names.ts';
import { documentsOf, nameOf, textOf, type Document } from './documents.ts';

/** The `_id` of a document, by its other fields. */
const names: Readonly<Record<string, (document: Document) => string>> = {
  ...Object.fromEntries(
    entityCollections.map((collection) => [
      collection,
      (document: Document) => nameByFields(collection, document),
    ]),
  ),
  diplomacy: (row) => `${String(row['session_id'])}:d${String(row['from'])}-${String(row['to'])}`,
  turn_log: (row) => `${String(row['session_id'])}:${String(row['turn'])}`,
};

const versioned = [
  'auctions',
  'battles',
  'cities',
  'diplomacy',
  'generals',
  'items',
  'nations',
  'sessions',
  'tournaments',
] as const;

export function storedDocumentFindings(history: readonly Operation[], evidence: Evidence): Finding[] {
  return [
    ...Object.entries(names).flatMap(([collection, nameFor]) =>
      documentsOf(evidence, collection).flatMap((document) => wrongName(collection, document, nameFor)),
    ),
    ...documentsOf(evidence, 'answered_requests').flatMap(wrongKey),
    ...versioned.flatMap((collection) => changeFindings(evidence, collection)),
    ...documentsOf(evidence, 'sessions').flatMap(unendedTurn),
    ...documentsOf(evidence, 'fences').flatMap(wrongToken),
    ...placeFindings(history, evidence),
    ...rankFindings(evidence),
  ];
}

function wrongName(collection: string, document: Document, nameFor: (document: Document) => string) {
  const expected = nameFor(document);
  if (nameOf(document) === expected) return [];
  return [
    finding(true, `a document of ${collection} has the _id ${nameOf(document)} instead of ${expected}`, {
      document,
    }),
  ];
}

/** An answer is remembered for its session, whose requests alone may ask for it. */
function wrongKey(row: Document): Finding[] {
  const session = row['session_id'];
  const prefixes = [`${String(session)}:`, 'admin/sessions:'];
  if (prefixes.some((prefix) => nameOf(row).startsWith(prefix))) return [];
  return [
    finding(
      true,
      `the answer to a request of ${String(session)} is remembered as ${nameOf(row)}, without its session`,
      {
        row,
      },
    ),
  ];
}

/** What is written of a document by shutting out an older holder, which is no change of its data. */
const stamps: ReadonlySet<string> = new Set(['turn_fence', 'updated_at', 'version', 'write_id']);

function changeFindings(evidence: Evidence, collection: string): Finding[] {
  const seeded = new Map((evidence.initial?.[collection] ?? []).map((one) => [nameOf(one), one]));
  return documentsOf(evidence, collection).flatMap((stored) => {
    const before = seeded.get(nameOf(stored));
    return before === undefined ? [] : wrongChange(before, stored);
  });
}

function wrongChange(before: Document, stored: Document): Finding[] {
  const [from, to] = [before['version'], stored['version']];
  if (typeof from !== 'number' || typeof to !== 'number') return [];
  const name = nameOf(stored);
  const changed = Object.keys({ ...before, ...stored }).filter(
    (field) => !stamps.has(field) && !sameJson(before[field] ?? null, stored[field] ?? null),
  );
  const facts = { document: name, changed, before: shown(before, changed), found: shown(stored, changed) };
  if (to < from) return [finding(true, `${name} went back from version ${from} to ${to}`, facts)];
  if (to === from && changed.length > 0)
    return [
      finding(false, `${changed.join(', ')} of ${name} changed, and its version is ${to} still`, facts),
    ];
  if (changed.length === 0) return [];
  const same = ['updated_at', 'write_id'].find(
    (field) => field in before && sameJson(before[field], stored[field]),
  );
  if (same === undefined) return [];
  return [
    finding(
      false,
      `${changed.join(', ')} of ${name} changed, and ${same} is ${String(stored[same])} still`,
      facts,
    ),
  ];
}

function shown(document: Document, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, document[field] ?? null]));
}

/** At rest no turn is under way, so none is marked. */
function unendedTurn(session: Document): Finding[] {
  const started = session['turn_started'] ?? null;
  if (started === null) return [];
  return [
    finding(
      false,
      `session ${nameOf(session)} is at rest at turn ${String(session['turn'])}, and a turn is marked as begun`,
      {
        session: nameOf(session),
        turnStarted: started,
      },
    ),
  ];
}

/** Above the time of its drawing only by as many as were drawn within one millisecond. */
const drawnAtOnceMax = 10_000;

/** Token and time are of one clock, the database's. */
function wrongToken(fence: Document): Finding[] {
  const { token, at } = fence;
  const drawnMs = typeof at === 'string' ? Date.parse(at) : NaN;
  if (typeof token !== 'number' || Number.isNaN(drawnMs)) return [];
  if (token >= drawnMs && token <= drawnMs + drawnAtOnceMax) return [];
  return [
    finding(
      true,
      `the token ${token} of ${nameOf(fence)} was drawn at ${String(at)}, and is not the time of the database (${drawnMs})`,
      { fence },
    ),
  ];
}

/** Where a general may be, by what moved him: occupations, won battles, the end of his nation. */
function placeFindings(history: readonly Operation[], evidence: Evidence): Finding[] {
  const occupations = Map.groupBy(
    history.filter(({ f }) => f === 'occupy'),
    (one) => `${textField(one, 'sessionId')}:g${numberField(one, 'no')}`,
  );
  const won = Map.groupBy(
    documentsOf(evidence, 'battles').filter(({ winner }) => winner === 'attacker'),
    (battle) => `${textOf(battle, 'session_id')}:g${String(battle['attacker'])}`,
  );
  const final = new Map(documentsOf(evidence, 'generals').map((one) => [nameOf(one), one]));
  return (evidence.initial?.['generals'] ?? []).flatMap((seeded) => {
    const name = nameOf(seeded);
    const general = final.get(name);
    if (general === undefined || !('city' in seeded)) return [];
    const own = occupations.get(name) ?? [];
    const cities = (won.get(name) ?? []).map((battle) => battle['city']);
    const expected = placesOf(seeded, general, own, cities);
    if (expected === null || expected.includes(general['city'])) return [];
    return [
      finding(
        false,
        `general ${name} is in city ${String(general['city'])}, and by what moved him he should be in ${expected.map(String).join(' or ')}`,
        { general: name, seeded: seeded['city'], found: general['city'], expected },
        own.slice(-operationsShownMax),
      ),
    ];
  });
}

/** Nothing but the end of his nation takes a general's rank, and nothing gives one. */
function rankFindings(evidence: Evidence): Finding[] {
  const final = new Map(documentsOf(evidence, 'generals').map((one) => [nameOf(one), one]));
  return (evidence.initial?.['generals'] ?? []).flatMap((seeded) => {
    const general = final.get(nameOf(seeded));
    if (general === undefined || !('officer_level' in seeded)) return [];
    const freed = general['nation'] === 0 && seeded['nation'] !== 0;
    const expected = freed ? 0 : seeded['officer_level'];
    if (general['officer_level'] === expected) return [];
    return [
      finding(
        false,
        `general ${nameOf(seeded)} has officer_level ${String(general['officer_level'])} instead of ${String(expected)}`,
        { general: nameOf(seeded), expected, found: general['officer_level'] ?? null },
      ),
    ];
  });
}

const operationsShownMax = 6;
const nowhere = 0;

function placesOf(
  seeded: Document,
  general: Document,
  occupations: readonly Operation[],
  won: readonly unknown[],
): readonly unknown[] | null {
  // Free since the end of his nation, and without one he takes no city.
  if (general['nation'] === 0 && seeded['nation'] !== 0) return [nowhere];
  if (general['nation'] !== seeded['nation']) return null;
  const done = occupations.filter(({ type }) => type === 'ok');
  const last = done.filter((one) => !done.some((other) => other.startedMs > one.endedMs));
  const possible = [...last, ...occupations.filter(isUnclear)].map((one) => numberField(one, 'city'));
  return [...possible, ...won, ...(done.length === 0 ? [seeded['city']] : [])];
}

function finding(
  definite: boolean,
  summary: string,
  facts: Record<string, unknown>,
  operations: Operation[] = [],
): Finding {
  return { definite, witness: () => ({ summary, operations, facts }) };
}
