/**
 * Which values of a document an index holds. The usual case, fields without arrays on their way, is read from the
 * BSON directly; arrays make the document decoded and expanded as MongoDB does (one entry an element).
 */
import { decodeDocument, decodeValue } from '../bson/decode.ts';
import { elementTypes } from '../bson/element-types.ts';
import { findElement } from '../bson/element.ts';
import { locationError } from '../errors.ts';
import { emptyArray } from './key-encoding.ts';

/** A dotted field path, its names also as bytes. */
export interface IndexPath {
  readonly text: string;
  readonly names: readonly string[];
  readonly encodedNames: readonly Uint8Array[];
}

export function parsePath(text: string): IndexPath {
  const names = text.split('.');
  return { text, names, encodedNames: names.map((name) => Buffer.from(name, 'utf8')) };
}

/** One tuple of values for each entry; a missing value is `undefined`. `isMultikey` when an array was on a path. */
export interface IndexedValues {
  readonly tuples: readonly (readonly unknown[])[];
  readonly isMultikey: boolean;
}

/** Throws `MongoError` 171 when two fields of the index hold arrays side by side. */
export function indexedValues(bytes: Uint8Array, paths: readonly IndexPath[]): IndexedValues {
  const values: unknown[] = [];
  for (const path of paths) {
    const value = directValue(bytes, path);
    if (value === needsExpansion) return { tuples: expand(decodeDocument(bytes), paths), isMultikey: true };
    values.push(value);
  }
  return { tuples: [values], isMultikey: false };
}

const needsExpansion = Symbol('an array lies on the path');

function directValue(bytes: Uint8Array, path: IndexPath): unknown {
  let documentAt = 0;
  const last = path.encodedNames.length - 1;
  for (let depth = 0; depth <= last; depth += 1) {
    const name = path.encodedNames[depth];
    if (name === undefined) return undefined;
    const at = findElement(bytes, documentAt, name);
    if (at < 0) return undefined;
    const type = bytes[at] ?? 0;
    const valueAt = at + 2 + name.length;
    if (type === elementTypes.array) return needsExpansion;
    if (depth === last) return decodeValue(bytes, type, valueAt);
    if (type !== elementTypes.object) return undefined;
    documentAt = valueAt;
  }
  return undefined;
}

/** A value still to be looked into: the names left of its path, none when it is the value itself. */
interface Pending {
  readonly value: unknown;
  readonly names: readonly string[];
}

function expand(document: Record<string, unknown>, paths: readonly IndexPath[]): unknown[][] {
  return expandFields(
    paths.map((path) => ({ value: document, names: path.names })),
    paths,
  );
}

/** Follows every field to its first array; all fields that meet one must meet the same, whose elements are taken in turn. */
function expandFields(fields: readonly Pending[], paths: readonly IndexPath[]): unknown[][] {
  const reached = fields.map(followToArray);
  const firstAt = reached.findIndex(isArrayMet);
  const first = reached[firstAt];
  if (first === undefined || !Array.isArray(first.value)) return [reached.map((field) => field.value)];
  const array: readonly unknown[] = first.value;
  for (const [index, field] of reached.entries()) {
    if (isArrayMet(field) && field.value !== array) throw parallelArrays(paths[firstAt], paths[index]);
  }
  if (array.length === 0) {
    const value = reached.map((field) =>
      field.value === array && isArrayMet(field) ? emptyElement(field.names) : field.value,
    );
    return [value];
  }
  return array.flatMap((element) =>
    expandFields(
      reached.map((field) => (isArrayMet(field) ? elementField(element, field.names) : settled(field.value))),
      paths,
    ),
  );
}

/** An array inside of an array is a value and not expanded again. */
function elementField(element: unknown, names: readonly string[]): Pending {
  if (names.length === 0) return settled(element);
  return Array.isArray(element) ? settled(undefined) : { value: element, names };
}

const isSettled = ['', ''] as const;

function settled(value: unknown): Pending {
  return { value, names: isSettled };
}

function isArrayMet(field: Pending): boolean {
  return field.names !== isSettled && Array.isArray(field.value);
}

function emptyElement(names: readonly string[]): unknown {
  return names.length === 0 ? emptyArray : undefined;
}

function followToArray(field: Pending): Pending {
  if (field.names === isSettled) return field;
  let { value, names } = field;
  while (names.length > 0) {
    const name = names[0] ?? '';
    if (Array.isArray(value)) {
      if (!/^\d+$/.test(name)) return { value, names };
      value = value[Number(name)];
    } else {
      value = isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }
    names = names.slice(1);
    if (value === undefined) return settled(undefined);
  }
  return Array.isArray(value) ? { value, names } : settled(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parallelArrays(a: IndexPath | undefined, b: IndexPath | undefined): Error {
  const error = locationError(171, `cannot index parallel arrays [${b?.text}] [${a?.text}]`);
  return Object.assign(error, { codeName: 'CannotIndexParallelArrays' });
}
