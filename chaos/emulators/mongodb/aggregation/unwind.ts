/** $unwind: one document for each element of an array. */
import { Long } from 'bson';
import { locationError } from '../errors.ts';
import { cloneShallow, isDocument, typeNameOf } from '../query/bson-value.ts';
import { readPath } from '../query/update/path-writer.ts';
import type { Document } from '../storage/contract.ts';
import { assignPath, replacePath } from './assign-path.ts';
import { checkFieldPath } from './expressions/field-path.ts';
import type { StageCompiler } from './stage.ts';

interface Unwind {
  readonly parts: readonly string[];
  readonly keepsEmpty: boolean;
  readonly index: readonly string[] | undefined;
}

export const compileUnwind: StageCompiler = (operand) => {
  const { parts, keepsEmpty, index } = parse(operand);
  return function* (documents) {
    for (const document of documents) {
      const value = readObjectPath(document, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (const [position, item] of value.entries()) {
          yield withElement(document, { parts, item, index, position: Long.fromNumber(position) });
        }
      } else if (Array.isArray(value) || value === null || value === undefined) {
        if (!keepsEmpty) continue;
        const copy = cloneShallow(document);
        if (Array.isArray(value)) assignPath(copy, parts, undefined);
        if (index !== undefined) replacePath(copy, index, null);
        yield copy;
      } else {
        yield index === undefined
          ? document
          : withElement(document, { parts, item: value, index, position: null });
      }
    }
  };
};

/** Arrays on the way end the path: only documents are gone into. */
function readObjectPath(document: Document, parts: readonly string[]): unknown {
  for (let length = 1; length < parts.length; length += 1) {
    if (!isDocument(readPath(document, parts.slice(0, length)))) return undefined;
  }
  return readPath(document, parts);
}

interface Element {
  readonly parts: readonly string[];
  readonly item: unknown;
  readonly index: readonly string[] | undefined;
  readonly position: Long | null;
}

function withElement(document: Document, { parts, item, index, position }: Element): Document {
  const copy = cloneShallow(document);
  assignPath(copy, parts, item);
  if (index !== undefined) replacePath(copy, index, position);
  return copy;
}

function parse(operand: unknown): Unwind {
  if (typeof operand !== 'string' && !isDocument(operand)) {
    throw locationError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeNameOf(operand)}`,
    );
  }
  const given = typeof operand === 'string' ? { path: operand } : operand;
  let index: readonly string[] | undefined;
  for (const [name, value] of Object.entries(given)) {
    switch (name) {
      case 'path':
        if (typeof value !== 'string')
          throw locationError(
            28808,
            `expected a string as the path for $unwind stage, got ${typeNameOf(value)}`,
          );
        break;
      case 'preserveNullAndEmptyArrays':
        if (typeof value !== 'boolean')
          throw locationError(
            28809,
            `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeNameOf(value)}`,
          );
        break;
      case 'includeArrayIndex':
        if (typeof value !== 'string' || value === '')
          throw locationError(
            28810,
            `expected a non-empty string for the includeArrayIndex option to $unwind stage, got ${typeNameOf(value)}`,
          );
        if (value.startsWith('$'))
          throw locationError(
            28822,
            `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${value}`,
          );
        index = checkFieldPath(value, value);
        break;
      default:
        throw locationError(28811, `unrecognized option to $unwind stage: ${name}`);
    }
  }
  const { path } = given;
  if (typeof path !== 'string' || path === '')
    throw locationError(28812, 'no path specified to $unwind stage');
  if (!path.startsWith('$'))
    throw locationError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (path === '$') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.includes('\0')) throw locationError(16419, 'field path must not contain embedded null characters');
  const keepsEmpty = isDocument(given) && given['preserveNullAndEmptyArrays'] === true;
  return { parts: checkFieldPath(path.slice(1), path), keepsEmpty, index };
}
