/** Documents with the same key of an index, which keep it from becoming unique. */
import { encodeDocument } from '../bson/encode.ts';
import { decodeDocument } from '../bson/decode.ts';
import { collationOf } from '../collation/collation.ts';
import { compareValues } from '../bson/compare.ts';
import { readPath } from '../query/update/path-writer.ts';
import type { Document, IndexSpec } from '../storage/contract.ts';
import type { Operation } from './operation.ts';

/** Ids of each group of documents with one key. */
export function duplicatesIn(operation: Operation, namespace: string, index: IndexSpec): Document[] {
  const textOrder = index.collation === undefined ? undefined : collationOf(index.collation)?.compareText;
  const paths = Object.keys(index.key).map((path) => path.split('.'));
  const keyed = [...operation.snapshot().scan(namespace)].map((stored) => {
    const document = stored.document();
    return { id: document['_id'], key: paths.map((path) => readPath(document, path) ?? null) };
  });
  keyed.sort((a, b) => compareValues(a.key, b.key, textOrder));
  const groups: unknown[][] = [];
  let previous: unknown;
  for (const { id, key } of keyed) {
    if (previous !== undefined && compareValues(previous, key, textOrder) === 0) groups.at(-1)?.push(id);
    else groups.push([id]);
    previous = key;
  }
  return groups.filter((ids) => ids.length > 1).map((ids) => decodeDocument(encodeDocument({ ids })));
}
