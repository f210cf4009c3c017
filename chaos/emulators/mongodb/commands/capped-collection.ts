/** Capped collections keep the newest documents, by number and by size. */
import { numberOf } from '../query/bson-value.ts';
import type { StorageTransaction } from '../storage/contract.ts';

/** Removes the oldest documents of a capped collection until what is left fits. */
export function evictOldest(storage: StorageTransaction, namespace: string): void {
  const options = storage.collection(namespace)?.options;
  if (options?.['capped'] !== true) return;
  const documentsMax = numberOf(options['max']) ?? Number.POSITIVE_INFINITY;
  const bytesMax = numberOf(options['size']) ?? Number.POSITIVE_INFINITY;
  const kept = [...storage.scan(namespace)];
  let bytes = kept.reduce((sum, stored) => sum + stored.bytes.length, 0);
  let documents = kept.length;
  for (const stored of kept) {
    if (documents === 1 || (documents <= documentsMax && bytes <= bytesMax)) return;
    storage.remove(namespace, stored);
    documents -= 1;
    bytes -= stored.bytes.length;
  }
}
