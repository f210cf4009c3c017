/** Kinds of indexes by their keys. Those without order keep no entries: what they serve is computed from the documents. */
import type { IndexSpec } from './contract.ts';

export function isWildcard({ key }: Pick<IndexSpec, 'key'>): boolean {
  return Object.keys(key).some((path) => path === '$**' || path.endsWith('.$**'));
}

export function isText({ key }: Pick<IndexSpec, 'key'>): boolean {
  return Object.values(key).includes('text');
}

/** Whether queries can be answered from the index's order. */
export function isOrdered(spec: Pick<IndexSpec, 'key'>): boolean {
  return (
    !isWildcard(spec) &&
    Object.values(spec.key).every((kind) => typeof kind === 'number' || kind === 'hashed')
  );
}

/** Paths of the fields of which the index keeps positions. */
export function geoPaths({ key }: Pick<IndexSpec, 'key'>): readonly string[] {
  return Object.entries(key)
    .filter(([, kind]) => kind === '2dsphere' || kind === '2d')
    .map(([path]) => path);
}
