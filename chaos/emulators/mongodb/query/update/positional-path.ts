/** Turns paths with `$`, `$[]` and `$[name]` into the concrete paths they mean in one document. */
import { shellText } from '../../storage/duplicate-key.ts';
import { MongoError } from '../../errors.ts';
import type { Document } from '../../storage/contract.ts';
import type { Predicate } from '../predicate.ts';
import { readPath } from './path-writer.ts';

export interface PositionalContext {
  /** Array element the filter matched, for `$`. */
  readonly arrayIndex: number | undefined;
  readonly arrayFilters: ReadonlyMap<string, Predicate>;
}

const namedElement = /^\$\[([a-z][a-zA-Z0-9]*)\]$/;

/** The name in `$[name]`, if the part is one. */
export function arrayFilterNameOf(part: string): string | undefined {
  return namedElement.exec(part)?.[1];
}

export function isPositional(parts: readonly string[]): boolean {
  return parts.some((part) => part.startsWith('$') && (part === '$' || part.startsWith('$[')));
}

/** @throws MongoError BadValue when `$` has no match to stand for or `$[]` meets something that is no array. */
export function concretePaths(
  root: Document,
  parts: readonly string[],
  context: PositionalContext,
): (readonly string[])[] {
  if (!isPositional(parts)) return [parts];
  let paths: string[][] = [[]];
  for (const part of parts) {
    paths = paths.flatMap((path) => expandPart(root, path, part, context));
  }
  return paths;
}

function expandPart(root: Document, path: string[], part: string, context: PositionalContext): string[][] {
  if (part === '$') {
    if (context.arrayIndex === undefined) {
      throw new MongoError(
        'BadValue',
        'The positional operator did not find the match needed from the query.',
      );
    }
    return [[...path, String(context.arrayIndex)]];
  }
  const name = arrayFilterNameOf(part);
  if (part !== '$[]' && name === undefined) return [[...path, part]];
  const array = readPath(root, path);
  if (array === undefined) {
    throw new MongoError(
      'BadValue',
      `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(array)) {
    throw new MongoError(
      'BadValue',
      `Cannot apply array updates to non-array element ${path.at(-1) ?? ''}: ${shellText(array)}`,
    );
  }
  const filter = name === undefined ? undefined : context.arrayFilters.get(name);
  if (name !== undefined && filter === undefined) {
    throw new MongoError(
      'BadValue',
      `No array filter found for identifier '${name}' in path '${[...path, part].join('.')}'`,
    );
  }
  return array.flatMap((element: unknown, index) =>
    filter === undefined || (name !== undefined && filter({ [name]: element }))
      ? [[...path, String(index)]]
      : [],
  );
}
