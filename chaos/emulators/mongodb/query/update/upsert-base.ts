/** The document an upsert starts from: the equalities of its filter. */
import { MongoError } from '../../errors.ts';
import type { Document } from '../../storage/contract.ts';
import { cloneContainers, isDocument } from '../bson-value.ts';
import { isOperatorDocument } from '../field-operators.ts';
import { isRegularExpression } from '../regular-expression.ts';
import { readPath, writePath } from './path-writer.ts';

/** @throws MongoError NotSingleValueField when the filter gives one field two values. */
export function upsertBase(filter: Document): Document {
  const base: Document = {};
  for (const [path, value] of equalities(filter)) {
    const parts = path.split('.');
    if (readPath(base, parts) !== undefined) {
      throw new MongoError(
        'NotSingleValueField',
        `cannot infer query fields to set, path '${path}' is matched twice`,
      );
    }
    writePath(base, parts, cloneContainers(value));
  }
  return base;
}

/** For a replacement only `_id` is taken from the filter. */
export function upsertId(filter: Document): unknown {
  return equalities(filter).find(([path]) => path === '_id')?.[1];
}

function equalities(filter: Document): [string, unknown][] {
  return Object.entries(filter).flatMap(([name, value]): [string, unknown][] => {
    if (name === '$and' && Array.isArray(value)) {
      return value.flatMap((clause: unknown) => (isDocument(clause) ? equalities(clause) : []));
    }
    if (name === '$or' && Array.isArray(value) && value.length === 1) {
      const [clause] = value as readonly unknown[];
      return isDocument(clause) ? equalities(clause) : [];
    }
    if (name.startsWith('$')) return [];
    if (isRegularExpression(value)) return [];
    if (!isOperatorDocument(value)) return [[name, value]];
    if (value['$eq'] !== undefined) return [[name, value['$eq']]];
    const all = value['$all'];
    return Array.isArray(all) && all.length === 1 ? [[name, all[0]]] : [];
  });
}
