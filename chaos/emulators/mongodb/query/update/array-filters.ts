/** The `arrayFilters` of an update: which elements the `$[name]` in its paths mean. */
import { MongoError } from '../../errors.ts';
import type { ExpressionEnvironment } from '../../aggregation/expression.ts';
import type { Document } from '../../storage/contract.ts';
import { isDocument } from '../bson-value.ts';
import { compileFilter } from '../matcher.ts';
import type { Predicate } from '../predicate.ts';
import { arrayFilterNameOf } from './positional-path.ts';

interface Pathed {
  readonly parts: readonly string[];
  readonly path: string;
}

/** By the names in the paths. @throws MongoError for a filter without a name, one not used, and a name without a filter. */
export function compileArrayFilters(
  arrayFilters: readonly unknown[],
  modifications: readonly Pathed[],
  environment: ExpressionEnvironment,
): ReadonlyMap<string, Predicate> {
  const filters = new Map<string, Predicate>();
  for (const filter of arrayFilters) {
    if (!isDocument(filter)) throw new MongoError('TypeMismatch', 'Array filters must be documents');
    const name = identifierOf(filter);
    if (name === undefined) {
      throw new MongoError(
        'FailedToParse',
        'Cannot use an expression without a top-level field name in arrayFilters',
      );
    }
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw new MongoError(
        'BadValue',
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    }
    if (filters.has(name)) {
      throw new MongoError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    filters.set(name, compileFilter(filter, environment));
  }
  const used = new Set(modifications.flatMap(({ parts }) => parts.map(arrayFilterNameOf)));
  for (const name of filters.keys()) {
    if (!used.has(name)) {
      throw new MongoError(
        'FailedToParse',
        `The array filter for identifier '${name}' was not used in the update`,
      );
    }
  }
  for (const { parts, path } of modifications) {
    for (const name of parts.map(arrayFilterNameOf)) {
      if (name !== undefined && !filters.has(name)) {
        throw new MongoError('BadValue', `No array filter found for identifier '${name}' in path '${path}'`);
      }
    }
  }
  return filters;
}

function identifierOf(filter: Document): string | undefined {
  for (const [name, value] of Object.entries(filter)) {
    if (!name.startsWith('$')) return name.split('.')[0];
    if (Array.isArray(value)) {
      for (const clause of value as readonly unknown[]) {
        const found = isDocument(clause) ? identifierOf(clause) : undefined;
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}
