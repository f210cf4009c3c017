/**
 * Cache and database agree at rest: an entry holds the document that its *key* names, or the list of those that its key names, field by field. What lies under the
 * wrong key is as wrong as what is old: every reader of the one gets the other.
 */
import type { Evidence } from '../record/evidence.ts';
import { sameJson } from '../record/same-json.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { type Document, documentName, finalDocuments, isRecord } from './select.ts';

/** What a key stands for: a list of the documents that `holds` is true for, or the one document of that `name` (its `_id`). */
export type CacheKey = { readonly collection: string } & (
  | { readonly name: string; readonly holds?: undefined }
  | { readonly name?: undefined; readonly holds: (document: Document) => boolean }
);

export interface CacheAgreesOptions extends Partial<Identity> {
  /** Null for a key that holds no cached documents. */
  readonly keys: (key: string) => CacheKey | null;
  /** Patterns of those keys, for what is covered. */
  readonly patterns?: readonly string[];
  /** Fields that only one of both has. */
  readonly ignoredFields?: readonly string[];
}

const fieldsShownMax = 10;

export function cacheAgrees(options: CacheAgreesOptions): Rule {
  const { invariant = 'cache-agrees', title = 'Cache and database agree', patterns: keys = [] } = options;
  const ignored = new Set(options.ignoredFields);
  return ruleOf({ invariant, title }, 'at-rest', { keys }, (_history, evidence) => {
    const find = finder(evidence);
    const findings: Finding[] = [];
    const strange: string[] = [];
    let compared = 0;
    for (const entry of evidence.cache) {
      const named = options.keys(entry.key);
      if (named === null) continue;
      const cached = named.name === undefined ? entry.value : [entry.value];
      if (!Array.isArray(cached) || !cached.every(isDocument)) {
        strange.push(entry.key);
        continue;
      }
      compared += 1;
      findings.push(...compare(entry, cached, find(named), ignored));
    }
    return {
      findings,
      checked: `${compared} cached entries equal their documents`,
      missing:
        strange[0] !== undefined
          ? `what ${strange[0]} holds is no document with an _id, or no list of such`
          : compared === 0
            ? 'no entry was cached at the final reads'
            : null,
    };
  });
}

function isDocument(value: unknown): value is Document {
  return isRecord(value) && typeof value['_id'] === 'string';
}

/** Documents of a key; of a key that names one document, found by its name where the key tells it. */
function finder(evidence: Evidence): (key: CacheKey) => readonly Document[] {
  const byCollection = new Map<string, ReadonlyMap<string, Document>>();
  return ({ collection, name, holds }) => {
    let documents = byCollection.get(collection);
    if (documents === undefined) {
      documents = new Map(finalDocuments(evidence, collection).map((one) => [documentName(one), one]));
      byCollection.set(collection, documents);
    }
    if (name === undefined) return [...documents.values()].filter(holds);
    const found = documents.get(name);
    return found === undefined ? [] : [found];
  };
}

type Entry = Evidence['cache'][number];

function compare(
  { key, ttlMs }: Entry,
  cached: readonly Document[],
  stored: readonly Document[],
  ignored: ReadonlySet<string>,
): Finding[] {
  const byId = new Map(stored.map((document) => [documentName(document), document]));
  const names = new Set(cached.map(documentName));
  const foreign = cached.find((document) => !byId.has(documentName(document)));
  const absent = stored.find((document) => !names.has(documentName(document)));
  if (foreign !== undefined) {
    const [own] = stored;
    const instead = own === undefined ? 'there is no such document' : `the key names ${documentName(own)}`;
    return [
      finding(`${key} holds ${documentName(foreign)}, and ${instead}`, {
        key,
        ttlMs,
        cached: foreign,
        stored: own ?? null,
      }),
    ];
  }
  if (absent !== undefined)
    return [finding(`${key} lacks ${documentName(absent)}`, { key, ttlMs, cached: [...names], absent })];
  return cached.flatMap((document) => {
    const own = byId.get(documentName(document));
    return own === undefined ? [] : differences(key, ttlMs, document, own, ignored);
  });
}

function differences(
  key: string,
  ttlMs: number,
  cached: Document,
  stored: Document,
  ignored: ReadonlySet<string>,
): Finding[] {
  const names = [...new Set([...Object.keys(cached), ...Object.keys(stored)])];
  const differing = names.filter((name) => !ignored.has(name) && !sameJson(cached[name], stored[name]));
  if (differing.length === 0) return [];
  const shown = differing.toSorted().slice(0, fieldsShownMax);
  const shownOf = (document: Document) =>
    Object.fromEntries(shown.map((name) => [name, document[name] ?? null]));
  return [
    finding(
      `${key} is cached at version ${String(cached['version'])} and stored at version ${String(stored['version'])}; they differ in ${shown.join(', ')}`,
      { key, ttlMs, cached: shownOf(cached), stored: shownOf(stored) },
    ),
  ];
}

function finding(summary: string, facts: Record<string, unknown>): Finding {
  return { definite: false, witness: () => ({ summary, operations: [], facts }) };
}
