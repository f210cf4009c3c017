/** What an update changed, by paths: `updatedFields`, `removedFields` and arrays that became shorter. */
import { encodeDocument } from '../bson/encode.ts';
import { fieldOf, isDocument } from '../query/bson-value.ts';
import { isArrayIndex } from '../query/path.ts';
import type { Document } from '../storage/contract.ts';

export interface UpdateDescription {
  readonly updatedFields: Document;
  readonly removedFields: string[];
  readonly truncatedArrays: Document[];
  /** Parts of the paths that text alone leaves in doubt: names with dots, names that are numbers. */
  readonly disambiguatedPaths: Document;
}

/** A name, or the index of an array's element. */
type PathPart = string | number;

export function describeUpdate(before: Document, after: Document): UpdateDescription {
  const description: UpdateDescription = {
    updatedFields: {},
    removedFields: [],
    truncatedArrays: [],
    disambiguatedPaths: {},
  };
  compareDocuments(before, after, [], description);
  return description;
}

function compareDocuments(
  before: Document,
  after: Document,
  prefix: readonly PathPart[],
  description: UpdateDescription,
): void {
  for (const name of Object.keys(before)) {
    if (fieldOf(after, name) === undefined) {
      description.removedFields.push(pathText([...prefix, name], description));
    }
  }
  for (const name of Object.keys(after)) {
    compareValue(fieldOf(before, name), after[name], [...prefix, name], description);
  }
}

function compareValue(
  before: unknown,
  after: unknown,
  path: readonly PathPart[],
  description: UpdateDescription,
): void {
  if (before !== undefined && same(before, after)) return;
  if (isDocument(before) && isDocument(after)) {
    compareDocuments(before, after, path, description);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    if (after.length < before.length) {
      description.truncatedArrays.push({ field: pathText(path, description), newSize: after.length });
    }
    after.forEach((item: unknown, index) => compareValue(before[index], item, [...path, index], description));
  } else description.updatedFields[pathText(path, description)] = after;
}

function pathText(path: readonly PathPart[], { disambiguatedPaths }: UpdateDescription): string {
  const text = path.join('.');
  const isDoubtful = path.some(
    (part, index) => typeof part === 'string' && (part.includes('.') || (index > 0 && isArrayIndex(part))),
  );
  if (isDoubtful) disambiguatedPaths[text] = [...path];
  return text;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || Buffer.compare(encodeDocument({ a }), encodeDocument({ a: b })) === 0;
}
