/**
 * I11: cache and database agree once the queues drained: every entity still cached in Redis equals its document, field
 * by field. Mongoose's own `__v` is no field of the entity.
 */
import { sameJson } from '../../reports/record/same-json.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, type Document } from './documents.ts';

const identity = { invariant: 'I11', title: 'Cache and database agree' };
const collections = new Map([
  ['city', 'cities'],
  ['general', 'generals'],
  ['nation', 'nations'],
  ['session', 'sessions'],
]);
const entityKey = /^(session|general|city|nation):(?:byId|byNo):/;
const fieldsShownMax = 10;

export const cacheAgrees: Checker = {
  ...identity,
  check: (_history, evidence) => {
    const documents = new Map<string, ReadonlyMap<unknown, Document>>();
    for (const collection of collections.values()) {
      documents.set(
        collection,
        new Map(documentsOf(evidence, collection).map((document) => [document['_id'], document])),
      );
    }
    const findings: Finding[] = [];
    const strange: string[] = [];
    let compared = 0;
    for (const { key, value, ttlMs } of evidence.cache) {
      const collection = collections.get(entityKey.exec(key)?.[1] ?? '');
      if (collection === undefined) continue;
      if (!isDocument(value)) {
        strange.push(key);
        continue;
      }
      compared += 1;
      const finding = compare(key, ttlMs, value, documents.get(collection)?.get(value['_id']));
      if (finding !== null) findings.push(finding);
    }
    const nothing = compared === 0 ? 'no entity was cached at the final reads' : null;
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${compared} cached entities equal their documents`,
      missing: strange.length > 0 ? `what ${strange[0]} holds is no document with an _id` : nothing,
    });
  },
};

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && '_id' in value && typeof value._id === 'string';
}

function compare(key: string, ttlMs: number, cached: Document, stored: Document | undefined): Finding | null {
  if (stored === undefined) {
    return finding(`${key} is cached, and there is no such document`, { key, ttlMs, cached });
  }
  const names = new Set([...Object.keys(cached), ...Object.keys(stored)]);
  names.delete('__v');
  const differing = [...names].filter((name) => !sameJson(cached[name], stored[name])).toSorted();
  if (differing.length === 0) return null;
  const shown = differing.slice(0, fieldsShownMax);
  return finding(
    `${key} is cached at version ${String(cached['version'])} and stored at version ${String(stored['version'])}; they differ in ${shown.join(', ')}`,
    {
      key,
      ttlMs,
      cached: Object.fromEntries(shown.map((name) => [name, cached[name] ?? null])),
      stored: Object.fromEntries(shown.map((name) => [name, stored[name] ?? null])),
    },
  );
}

function finding(summary: string, facts: Record<string, unknown>): Finding {
  return { definite: false, witness: () => ({ summary, operations: [], facts }) };
}
