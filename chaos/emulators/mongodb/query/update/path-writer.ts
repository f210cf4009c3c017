/** Reads and writes one concrete path in a document that may be changed, with MongoDB's rules for creating what lies between. */
import { shellText } from '../../storage/duplicate-key.ts';
import { MongoError } from '../../errors.ts';
import type { Document } from '../../storage/contract.ts';
import { fieldOf, isDocument, removeField, setField } from '../bson-value.ts';
import { isArrayIndex } from '../path.ts';

/** MongoDB refuses to pad an array by more. */
const arrayPaddingMax = 1_500_000;

export function readPath(root: Document, parts: readonly string[]): unknown {
  let value: unknown = root;
  for (const part of parts) {
    if (Array.isArray(value)) value = isArrayIndex(part) ? value[Number(part)] : undefined;
    else if (isDocument(value)) value = fieldOf(value, part);
    else return undefined;
  }
  return value;
}

/** Creates missing documents on the way. @throws MongoError PathNotViable when a scalar or a wrong array index is in it. */
export function writePath(root: Document, parts: readonly string[], newValue: unknown): void {
  let container: unknown = root;
  let name = '';
  parts.forEach((part, index) => {
    const isLast = index === parts.length - 1;
    const existing = child(container, part, name);
    if (isLast) assign(container, part, newValue);
    else if (existing === undefined) {
      const created: Document = {};
      assign(container, part, created);
      container = created;
    } else container = existing;
    name = part;
  });
}

/** Removes the field; an array's element becomes null, as the others keep their places. */
export function removePath(root: Document, parts: readonly string[]): void {
  const last = parts.at(-1);
  if (last === undefined) return;
  const container = readPath(root, parts.slice(0, -1));
  if (Array.isArray(container)) {
    if (isArrayIndex(last) && Number(last) < container.length) container[Number(last)] = null;
  } else if (isDocument(container)) removeField(container, last);
}

function child(container: unknown, part: string, containerName: string): unknown {
  if (isDocument(container)) return fieldOf(container, part);
  if (Array.isArray(container) && isArrayIndex(part)) return container[Number(part)] as unknown;
  throw new MongoError(
    'PathNotViable',
    `Cannot create field '${part}' in element {${containerName}: ${shellText(container)}}`,
  );
}

function assign(container: unknown, part: string, value: unknown): void {
  if (Array.isArray(container)) {
    const index = Number(part);
    if (index - container.length > arrayPaddingMax) {
      throw new MongoError('BadValue', `can't backfill more than ${arrayPaddingMax} elements`);
    }
    while (container.length < index) container.push(null);
    container[index] = value;
  } else if (isDocument(container)) setField(container, part, value);
}
