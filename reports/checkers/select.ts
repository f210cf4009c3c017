/** How the rules of the library find what they need in operations and documents of a target whose names they do not know. */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';

export type Document = Readonly<Record<string, unknown>>;

/** A field of the value by its name or path (`bid.amount`), or a function. */
export type OfOperation = string | ((operation: Operation) => unknown);
export type OfDocument = string | ((document: Document) => unknown);

/** Which operations a rule is about. */
export interface OperationFilter {
  readonly f: string | readonly string[];
  readonly where?: (operation: Operation) => boolean;
}

export function selectorOf({ f, where }: OperationFilter): (operation: Operation) => boolean {
  const names = new Set(typeof f === 'string' ? [f] : f);
  return (operation) => names.has(operation.f) && (where === undefined || where(operation));
}

/** Names of the filter's operations. */
export function namesOf({ f }: OperationFilter): readonly string[] {
  return typeof f === 'string' ? [f] : f;
}

/** Undefined where there is no such field. */
export function ofOperation(operation: Operation, select: OfOperation): unknown {
  return typeof select === 'string' ? atPath(operation.value, select) : select(operation);
}

export function ofDocument(document: Document, select: OfDocument): unknown {
  return typeof select === 'string' ? atPath(document, select) : select(document);
}

function atPath(record: Document, path: string): unknown {
  if (path in record) return record[path];
  let found: unknown = record;
  for (const name of path.split('.')) {
    if (!isRecord(found)) return undefined;
    found = found[name];
  }
  return found;
}

export function isRecord(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null for what has no key, so that the rule passes it over. Numbers and texts that look alike are the same key, as in paths of requests. */
export function keyOfOperation(operation: Operation, select: OfOperation): string | null {
  return keyText(ofOperation(operation, select));
}

export function keyOfDocument(document: Document, select: OfDocument): string | null {
  return keyText(ofDocument(document, select));
}

function keyText(key: unknown): string | null {
  if (key === undefined || key === null) return null;
  return typeof key === 'string' ? key : JSON.stringify(key);
}

/** Throws a TypeError when the operation has no number there: it cannot be judged. */
export function numberOfOperation(operation: Operation, select: OfOperation): number {
  const found = ofOperation(operation, select);
  if (typeof found === 'number') return found;
  throw new TypeError(
    `${operation.f} of process ${operation.process} at ${operation.startedMs} ms has no number "${describeSelect(select)}" in its value`,
  );
}

/** Throws a TypeError when the document has no number there. */
export function numberOfDocument(document: Document, select: OfDocument): number {
  const found = ofDocument(document, select);
  if (typeof found === 'number') return found;
  throw new TypeError(`${documentName(document)} has no number "${describeSelect(select)}"`);
}

function describeSelect(select: OfDocument | OfOperation): string {
  return typeof select === 'string' ? select : select.name || 'a function';
}

/** The document by its `_id`. */
export function documentName(document: Document): string {
  const id = document['_id'];
  return typeof id === 'string' ? id : JSON.stringify(id ?? null);
}

/** Final documents of a collection. One that was never written to is not there, and empty. */
export function finalDocuments(evidence: Evidence, collection: string): readonly Document[] {
  return evidence.database[collection] ?? [];
}

/** Seeded documents of a collection; null when the run did not read what it was seeded with. */
export function seededDocuments(evidence: Evidence, collection: string): readonly Document[] | null {
  return evidence.initial === undefined ? null : (evidence.initial[collection] ?? []);
}

/** Coverage of operations by the fields that are named by text. */
export function coveredFields(...selects: readonly (OfDocument | OfOperation | undefined)[]): string[] {
  return selects.flatMap((select) => (typeof select === 'string' ? (select.split('.')[0] ?? select) : []));
}

/** One operation in words, for witnesses. */
export function describeOperation({ f, process, type, startedMs, endedMs, value }: Operation): string {
  const shown = Object.entries(value).filter(([name]) => name !== 'status');
  const fields = shown.map(
    ([name, found]) => `${name} ${typeof found === 'string' ? found : JSON.stringify(found)}`,
  );
  return `${f} (${fields.join(', ')}; ${type}, process ${process}, ${startedMs} to ${endedMs} ms)`;
}
