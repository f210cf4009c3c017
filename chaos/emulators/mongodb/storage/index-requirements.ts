/** What some kinds of indexes demand of the documents in a collection. */
import { decodeDocument } from '../bson/decode.ts';
import { locationError } from '../errors.ts';
import { checkPositions } from '../geo/index-positions.ts';
import type { IndexSpec } from './contract.ts';
import { indexedValues, parsePath } from './index-paths.ts';
import { geoPaths } from './index-kind.ts';

/** @throws MongoError 16755 for a position that is none, 16766 for an array in a hashed index. */
export function checkIndexed(spec: IndexSpec, bytes: Uint8Array): void {
  const kinds = Object.values(spec.key);
  if (kinds.every((kind) => kind === 1 || kind === -1)) return;
  if (kinds.includes('hashed')) {
    const hashed = Object.keys(spec.key).filter((path) => spec.key[path] === 'hashed');
    if (indexedValues(bytes, hashed.map(parsePath)).isMultikey) {
      throw locationError(
        16766,
        `hashed indexes do not currently support array values. Found array at path: ${hashed.join()}`,
      );
    }
  }
  const paths = geoPaths(spec);
  if (paths.length > 0) checkPositions(decodeDocument(bytes), paths, spec);
}
