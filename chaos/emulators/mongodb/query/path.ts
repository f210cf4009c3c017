/**
 * Walks a dotted path as MongoDB's queries do: arrays on the way are searched element by element, a number names an
 * array's element or a field, and the array at the end stands for its elements and for itself.
 */
import { fieldOf, isDocument } from './bson-value.ts';

/** Called for each value at the path; `arrayIndex` is the element of the first array gone through. True ends the walk. */
export type ValueVisitor = (value: unknown, arrayIndex: number | undefined) => boolean;

export interface WalkOptions {
  /** Also visit the elements of an array at the end of the path. */
  readonly expandLeaf: boolean;
}

const digits = /^(?:0|[1-9][0-9]*)$/;

export function isArrayIndex(part: string): boolean {
  return digits.test(part);
}

/** True as soon as the visitor says so. Missing fields are visited as `undefined`, elements that are no documents are not. */
export function walkPath(
  root: unknown,
  parts: readonly string[],
  options: WalkOptions,
  visit: ValueVisitor,
): boolean {
  return walk(root, parts, 0, options.expandLeaf, undefined, visit);
}

function walk(
  value: unknown,
  parts: readonly string[],
  position: number,
  expandLeaf: boolean,
  arrayIndex: number | undefined,
  visit: ValueVisitor,
): boolean {
  const part = parts[position];
  if (part === undefined) return visitLeaf(value, expandLeaf, arrayIndex, visit);
  if (Array.isArray(value)) {
    return walkArray(value, part, parts, position, expandLeaf, arrayIndex, visit);
  }
  if (!isDocument(value)) return visit(undefined, arrayIndex);
  const child = fieldOf(value, part);
  if (child === undefined) return visit(undefined, arrayIndex);
  return walk(child, parts, position + 1, expandLeaf, arrayIndex, visit);
}

function visitLeaf(
  value: unknown,
  expandLeaf: boolean,
  arrayIndex: number | undefined,
  visit: ValueVisitor,
): boolean {
  if (expandLeaf && Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      if (visit(value[index], arrayIndex ?? index)) return true;
    }
  }
  return visit(value, arrayIndex);
}

function walkArray(
  array: readonly unknown[],
  part: string,
  parts: readonly string[],
  position: number,
  expandLeaf: boolean,
  arrayIndex: number | undefined,
  visit: ValueVisitor,
): boolean {
  if (isArrayIndex(part) && Number(part) < array.length) {
    if (walk(array[Number(part)], parts, position + 1, expandLeaf, arrayIndex, visit)) return true;
  }
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index];
    if (!isDocument(element)) continue;
    if (walk(element, parts, position, expandLeaf, arrayIndex ?? index, visit)) return true;
  }
  return false;
}
