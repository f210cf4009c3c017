/** Access to the final reads by collection, so that a collection that was not read is never taken for an empty one. */
import { type Document, documentName as nameOf, isRecord } from '../../reports/checkers/select.ts';
import type { Evidence } from '../../reports/record/evidence.ts';

export { type Document, isRecord, nameOf };

/**
 * Documents of a collection. One that is not there was never written to, and is empty; but with no `sessions` the
 * database as a whole was not read, and this throws: the verdict is then `unknown`.
 */
export function documentsOf(evidence: Evidence, collection: string): readonly Document[] {
  if (evidence.database['sessions'] === undefined)
    throw new Error('the evidence has no collection "sessions"');
  return evidence.database[collection] ?? [];
}

/** A field that must be text. Throws when it is not. */
export function textOf(document: Document, field: string): string {
  const found = document[field];
  if (typeof found !== 'string') throw new TypeError(`${nameOf(document)} has no text "${field}"`);
  return found;
}

/** A field that must be a number. Throws when it is not. */
export function numberOf(document: Document, field: string): number {
  const found = document[field];
  if (typeof found !== 'number') throw new TypeError(`${nameOf(document)} has no number "${field}"`);
  return found;
}

export function groupBySession(documents: readonly Document[]): Map<string, Document[]> {
  return Map.groupBy(documents, (document) => textOf(document, 'session_id'));
}
