/**
 * How much of a run the judge accounts for: valid records are changed in one place after the other, and a change that leaves every verdict as it was is one that no
 * invariant notices. Pure.
 */
import type { Checker } from '../../reports/checkers/checker.ts';
import { judge } from '../../reports/checkers/judge.ts';
import { isRecord } from '../../reports/checkers/select.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { sameJson } from '../../reports/record/same-json.ts';
import { seededRandom } from '../../reports/statistics/random.ts';

/** A run in which nothing is wrong. */
export interface ValidRecord {
  readonly history: readonly Operation[];
  readonly evidence: Evidence;
}

export interface PlaceTally {
  /** Such as `accounts.amount`, `accounts: a document dropped` or `bid.amount`. */
  readonly place: string;
  readonly tried: number;
  readonly noticed: number;
  /** Why the target declares that it is not judged. */
  readonly notJudged: string | null;
}

export interface MutationOptions {
  readonly records: readonly ValidRecord[];
  readonly checkers: readonly Checker[];
  /** Reasons by place; `*` stands for any text. */
  readonly notJudged: Readonly<Record<string, string>>;
  /** Changes of each place in each record. */
  readonly samples: number;
  readonly seed: string;
}

interface Change {
  readonly place: string;
  readonly apply: () => ValidRecord;
}

/** One tally for each place, in the order of their names. Throws RangeError when a record is accused as it is. */
export function mutate({
  records,
  checkers,
  notJudged,
  samples,
  seed,
}: MutationOptions): readonly PlaceTally[] {
  const tallies = new Map<string, { tried: number; noticed: number }>();
  const reasons = Object.entries(notJudged).map(([pattern, reason]) => ({
    matches: patternOf(pattern),
    reason,
  }));
  for (const [index, record] of records.entries()) {
    const before = verdictsOf(record, checkers);
    const accused = before.find(({ verdict }) => verdict === 'false');
    if (accused !== undefined)
      throw new RangeError(`record ${index + 1} is not valid: ${accused.invariant}, ${accused.reason}`);
    const random = seededRandom(`${seed} ${index}`);
    for (const [place, changes] of Map.groupBy(changesOf(record), (change) => change.place)) {
      const tally = tallies.get(place) ?? { tried: 0, noticed: 0 };
      tallies.set(place, tally);
      for (let sample = 0; sample < Math.min(samples, changes.length); sample += 1) {
        const change = changes.length <= samples ? changes[sample] : changes[random.below(changes.length)];
        if (change === undefined) continue;
        tally.tried += 1;
        const after = verdictsOf(change.apply(), checkers);
        if (after.some(({ verdict }, number) => verdict !== before[number]?.verdict)) tally.noticed += 1;
      }
    }
  }
  return [...tallies]
    .map(([place, tally]) => ({
      place,
      ...tally,
      notJudged: reasons.find(({ matches }) => matches.test(place))?.reason ?? null,
    }))
    .toSorted((left, right) => left.place.localeCompare(right.place, 'en'));
}

function verdictsOf({ history, evidence }: ValidRecord, checkers: readonly Checker[]) {
  return judge(history, evidence, checkers);
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}

function changesOf(record: ValidRecord): Change[] {
  return [...documentChanges(record), ...cacheChanges(record), ...operationChanges(record)];
}

/** Another value of the same field, as another document or operation has it; undefined when there is none. */
type Others = (field: string, value: unknown) => unknown;

function othersOf(documents: readonly Fields[]): Others {
  const values = new Map<string, unknown[]>();
  for (const document of documents) {
    for (const [field, value] of Object.entries(document)) {
      const own = values.get(field);
      if (own === undefined) values.set(field, [value]);
      else if (own.length < othersMax && !own.some((one) => sameJson(one, value))) own.push(value);
    }
  }
  return (field, value) => values.get(field)?.find((one) => !sameJson(one, value));
}

const othersMax = 8;

function documentChanges(record: ValidRecord): Change[] {
  const { database } = record.evidence;
  return Object.entries(database).flatMap(([collection, documents]) => {
    const withDocuments = (changed: (typeof documents)[number][]): ValidRecord => ({
      ...record,
      evidence: { ...record.evidence, database: { ...database, [collection]: changed } },
    });
    const others = othersOf(documents);
    return documents.flatMap((document, index): Change[] => [
      {
        place: `${collection}: a document dropped`,
        apply: () => withDocuments(documents.toSpliced(index, 1)),
      },
      {
        place: `${collection}: a document doubled`,
        apply: () => withDocuments([...documents, { ...document, _id: `${String(document['_id'])}-2` }]),
      },
      ...fieldChanges(document, others).map(({ field, changed }) => ({
        place: `${collection}.${field}`,
        apply: () => withDocuments(documents.with(index, changed)),
      })),
    ]);
  });
}

function cacheChanges(record: ValidRecord): Change[] {
  const { cache } = record.evidence;
  return cache.flatMap((entry, index): Change[] => {
    const withEntry = (value: unknown): ValidRecord => ({
      ...record,
      evidence: { ...record.evidence, cache: cache.with(index, { ...entry, value }) },
    });
    const kind = entry.key.split(':', 2).join(':');
    const other = cache.find(
      ({ key, value }) => key !== entry.key && key.startsWith(`${kind}:`) && value !== entry.value,
    );
    if (!isRecord(entry.value)) return [];
    return [
      ...(other === undefined
        ? []
        : [{ place: `cache ${kind}: the value of another key`, apply: () => withEntry(other.value) }]),
      ...fieldChanges(entry.value).map(({ field, changed }) => ({
        place: `cache ${kind}.${field}`,
        apply: () => withEntry(changed),
      })),
    ];
  });
}

/** Of answers only: what a client asked for is not the target's to change. */
function operationChanges(record: ValidRecord): Change[] {
  const { history } = record;
  const asked = new Map<string, Set<string>>();
  for (const { f, type, value } of history) {
    if (type === 'ok') continue;
    const fields = asked.get(f) ?? new Set<string>();
    asked.set(f, fields);
    for (const field of Object.keys(value)) fields.add(field);
  }
  const answers = Map.groupBy(
    history.filter(({ type }) => type === 'ok'),
    ({ f }) => f,
  );
  const others = new Map([...answers].map(([f, own]) => [f, othersOf(own.map(({ value }) => value))]));
  return history.flatMap((operation, index): Change[] => {
    if (operation.type !== 'ok') return [];
    const answered = Object.keys(operation.value).filter(
      (field) =>
        field !== 'status' &&
        field !== 'sessionId' &&
        (asked.get(operation.f)?.has(field) ?? false) === false,
    );
    return fieldChanges(operation.value, others.get(operation.f))
      .filter(({ field }) => answered.includes(field.split('.')[0] ?? field))
      .map(({ field, changed }) => ({
        place: `answer ${operation.f}.${field}`,
        apply: () => ({ ...record, history: history.with(index, { ...operation, value: changed }) }),
      }));
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** One of each field, fields of objects within by their path. */
function fieldChanges(
  document: Fields,
  others: Others = () => undefined,
): { readonly field: string; readonly changed: Record<string, unknown> }[] {
  return Object.entries(document).flatMap(([field, value]) => {
    if (isRecord(value) && Object.keys(value).length > 0) {
      return fieldChanges(value).map((inner) => ({
        // Names that are data, such as slots, are one place.
        field: `${field}.${/^\d+$/.test(inner.field) ? 'N' : inner.field}`,
        changed: { ...document, [field]: inner.changed },
      }));
    }
    return otherValues(value, others(field, value)).map((changed) => ({
      field,
      changed: { ...document, [field]: changed },
    }));
  });
}

function otherValues(value: unknown, other: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string') {
    if (typeof other === 'string' || other === null) return [other];
    return [Number.isNaN(Date.parse(value)) ? `${value}x` : '2001-01-01T00:00:00.000Z'];
  }
  // What it can be beside null only another document shows.
  if (value === null) return other === undefined ? [] : [other];
  if (!Array.isArray(value)) return [];
  const [first] = value;
  if (value.length === 0) return other === undefined ? [] : [other];
  const changed = isRecord(first) ? fieldChanges(first).map((inner) => value.with(0, inner.changed)) : [];
  return [value.slice(1), [...value, first], ...changed];
}

/** Of what is not declared as not judged, the share that was noticed; null when nothing was tried. */
export function shareNoticed(tallies: readonly PlaceTally[]): number | null {
  const judged = tallies.filter(({ notJudged }) => notJudged === null);
  const tried = judged.reduce((sum, tally) => sum + tally.tried, 0);
  return tried === 0 ? null : judged.reduce((sum, tally) => sum + tally.noticed, 0) / tried;
}

/** A Markdown table: what is noticed always is summed up by what it is a field of. */
export function renderMutations(tallies: readonly PlaceTally[]): string {
  const shown = tallies.filter(({ notJudged, noticed, tried }) => notJudged !== null || noticed < tried);
  const share = shareNoticed(tallies);
  return [
    `${tallies.length - shown.length} of ${tallies.length} places are noticed whenever they change; of the others:`,
    '',
    '| changed | noticed | not judged, because |',
    '|---|---|---|',
    ...shown.map(
      ({ place, noticed, tried, notJudged }) => `| ${place} | ${noticed} of ${tried} | ${notJudged ?? ''} |`,
    ),
    '',
    share === null
      ? 'Nothing was changed.'
      : `Of what is judged ${(share * 100).toFixed(1)} % of the changes are noticed.`,
  ].join('\n');
}
