/**
 * Assigns computed fields as pipelines do: a scalar on the way is replaced by a document, and an array gets the field in
 * each of its elements. Update operators have other rules (query/update/path-writer.ts).
 */
import { cloneShallow, fieldOf, isDocument, removeField, setField } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';

/** As `assignPath`, but an array on the way is replaced by a document, as a scalar is. */
export function replacePath(target: Document, parts: readonly string[], value: unknown, position = 0): void {
  const part = parts[position];
  if (part === undefined) return;
  if (position === parts.length - 1) {
    setField(target, part, value);
    return;
  }
  const child = fieldOf(target, part);
  const document = isDocument(child) ? cloneShallow(child) : {};
  replacePath(document, parts, value, position + 1);
  setField(target, part, document);
}

/** Changes `target`, but no document or array in it: those on the way are copied. undefined removes the field. */
export function assignPath(target: Document, parts: readonly string[], value: unknown, position = 0): void {
  const part = parts[position];
  if (part === undefined) return;
  if (position < parts.length - 1) {
    const change = (child: Document): void => assignPath(child, parts, value, position + 1);
    setField(target, part, changedWithin(fieldOf(target, part), change));
  } else if (value === undefined) removeField(target, part);
  else setField(target, part, value);
}

function changedWithin(child: unknown, change: (document: Document) => void): unknown {
  if (Array.isArray(child)) return child.map((item: unknown) => changedWithin(item, change));
  const document = isDocument(child) ? cloneShallow(child) : {};
  change(document);
  return document;
}
