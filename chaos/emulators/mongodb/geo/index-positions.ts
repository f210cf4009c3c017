/** What a `2dsphere` or `2d` index demands of the values at its paths. */
import { locationError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { walkPath } from '../query/path.ts';
import type { Document, IndexSpec } from '../storage/contract.ts';
import { numberOf } from '../query/bson-value.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { legacyPosition, onSphere, parseGeometry } from './shapes.ts';

/** @throws MongoError 16755, 13027, 13068 for values that are no positions. */
export function checkPositions(document: Document, paths: readonly string[], spec: IndexSpec): void {
  for (const path of paths) {
    walkPath(document, path.split('.'), { expandLeaf: false }, (value) => {
      if (value === undefined || value === null) return false;
      if (spec.key[path] === '2d') checkFlat(value, spec);
      else checkSpherical(value, document);
      return false;
    });
  }
}

function checkSpherical(value: unknown, document: Document): void {
  try {
    if (isDocument(value) && value['type'] !== undefined && typeof value['type'] === 'string') {
      parseGeometry(value);
      return;
    }
    if (Array.isArray(value) && value.length === 0) return;
    const position = legacyPosition(value);
    if (position === undefined) throw new TypeError('geo element must be an array or object');
    onSphere(position);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw locationError(16755, `Can't extract geo keys: ${shellText(document)}  ${reason}`);
  }
}

function checkFlat(value: unknown, spec: IndexSpec): void {
  if (Array.isArray(value) && value.some((item) => Array.isArray(item) || isDocument(item))) {
    for (const item of value) checkFlat(item, spec);
    return;
  }
  if (Array.isArray(value) && value.length === 0) return;
  const position = legacyPosition(value);
  if (position === undefined) throw locationError(13068, 'geo field only has 1 element');
  const minimum = numberOf(spec.kindOptions?.['min']) ?? -180;
  const maximum = numberOf(spec.kindOptions?.['max']) ?? 180;
  if (position.some((coordinate) => coordinate < minimum || coordinate > maximum)) {
    throw locationError(
      13027,
      `point not in interval of [ ${minimum}, ${maximum} ] :: caused by :: ${shellText(value)}`,
    );
  }
}
