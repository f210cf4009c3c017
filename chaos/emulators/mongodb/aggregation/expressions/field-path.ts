/** Field paths of expressions: arrays on the way give the array of what is found in their documents. */
import { locationError, MongoError } from '../../errors.ts';
import { fieldOf, isDocument } from '../../query/bson-value.ts';

const depthMax = 200;

/** Fields of a DBRef, which paths may name. */
const references: ReadonlySet<string> = new Set(['$ref', '$id', '$db']);

/** The parts of a path without its `$`. `given` is for messages. @throws MongoError. */
export function checkFieldPath(path: string, given: string): readonly string[] {
  if (path === '') throw locationError(16872, `'${given}' by itself is not a valid FieldPath`);
  if (path.endsWith('.')) throw locationError(40353, "FieldPath must not end with a '.'.");
  if (path.includes('\0')) throw locationError(16411, 'FieldPath field names may not contain null bytes.');
  const parts = path.split('.');
  if (parts.length > depthMax)
    throw new MongoError('Overflow', `FieldPath is too long: it has more than ${depthMax} parts`);
  for (const part of parts) {
    if (part === '') throw locationError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$') && !references.has(part)) {
      throw locationError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField. given '${given}'`,
      );
    }
  }
  return parts;
}

/** The value at a path; undefined when it is missing. */
export function resolvePath(value: unknown, parts: readonly string[], position = 0): unknown {
  const part = parts[position];
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    const found: unknown[] = [];
    for (const item of value as readonly unknown[]) {
      if (!isDocument(item)) continue;
      const nested = resolvePath(item, parts, position);
      if (nested !== undefined) found.push(nested);
    }
    return found;
  }
  return isDocument(value) ? resolvePath(fieldOf(value, part), parts, position + 1) : undefined;
}
