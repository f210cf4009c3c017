/** What an update changed, by paths: `updatedFields`, `removedFields` and arrays that became shorter. */
import { isDocument } from '../query/bson-value.ts';
import { encodeDocument } from '../bson/encode.ts';
import type { Document } from '../storage/contract.ts';

export interface UpdateDescription {
  readonly updatedFields: Document;
  readonly removedFields: string[];
  readonly truncatedArrays: Document[];
}

export function describeUpdate(before: Document, after: Document): UpdateDescription {
  const description: UpdateDescription = { updatedFields: {}, removedFields: [], truncatedArrays: [] };
  compareDocuments(before, after, '', description);
  return description;
}

function compareDocuments(
  before: Document,
  after: Document,
  prefix: string,
  description: UpdateDescription,
): void {
  for (const name of Object.keys(before))
    if (after[name] === undefined) description.removedFields.push(prefix + name);
  for (const name of Object.keys(after)) compareValue(before[name], after[name], prefix + name, description);
}

function compareValue(before: unknown, after: unknown, path: string, description: UpdateDescription): void {
  if (before !== undefined && same(before, after)) return;
  if (isDocument(before) && isDocument(after)) {
    compareDocuments(before, after, `${path}.`, description);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    if (after.length < before.length)
      description.truncatedArrays.push({ field: path, newSize: after.length });
    after.forEach((item: unknown, index) =>
      compareValue(before[index], item, `${path}.${index}`, description),
    );
  } else description.updatedFields[path] = after;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || Buffer.compare(encodeDocument({ a }), encodeDocument({ a: b })) === 0;
}
