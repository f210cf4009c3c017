/** Finds an index by its name or by its key. */
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { IndexSpec } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';

/** undefined when there is none. @throws MongoError AmbiguousIndexKeyPattern when several have the key. */
export function findIndex(indexes: readonly IndexSpec[], wanted: unknown): IndexSpec | undefined {
  if (typeof wanted === 'string') return indexes.find(({ name }) => name === wanted);
  const found = indexes.filter((index) => hasKey(index, wanted));
  if (found.length <= 1) return found[0];
  throw new MongoError(
    'AmbiguousIndexKeyPattern',
    `${found.length} indexes found for key: ${shellText(wanted)}, identify by name instead.`,
  );
}

function hasKey(index: IndexSpec, wanted: unknown): boolean {
  if (!isDocument(wanted)) return false;
  const given = Object.entries(wanted).map(([name, kind]) => `${name}:${numberOf(kind) ?? shellText(kind)}`);
  const own = Object.entries(index.key).map(([name, kind]) => `${name}:${numberOf(kind) ?? shellText(kind)}`);
  return given.join() === own.join();
}
