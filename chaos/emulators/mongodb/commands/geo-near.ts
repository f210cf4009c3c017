/** $geoNear: the documents of a collection in the order of their distance from a position. */
import { compileExpression } from '../aggregation/expression.ts';
import { setMetadata } from '../aggregation/document-metadata.ts';
import { MongoError, locationError } from '../errors.ts';
import { distanceRange, geometryCentre, locate } from '../geo/near.ts';
import type { Near } from '../geo/near.ts';
import { legacyPosition, onSphere } from '../geo/shapes.ts';
import { cloneContainers, isDocument, numberOf } from '../query/bson-value.ts';
import { emptyQuery, findDocuments } from '../query/plan/find-documents.ts';
import { writePath } from '../query/update/path-writer.ts';
import type { Document, IndexSpec } from '../storage/contract.ts';
import { geoPaths } from '../storage/index-kind.ts';
import type { PipelineInput } from './pipeline-input.ts';
import { nearClause } from '../geo/near.ts';

export function geoNearSource(input: PipelineInput, operand: unknown): Document[] {
  if (!isDocument(operand)) throw locationError(10065, '$geoNear requires an object as its argument');
  const { near: given, distanceField, includeLocs, key, spherical, distanceMultiplier } = operand;
  if (distanceField !== undefined && (typeof distanceField !== 'string' || distanceField === '')) {
    throw locationError(16606, "$geoNear requires a 'distanceField' option as a String");
  }
  if (distanceField === undefined) {
    throw locationError(16606, "$geoNear requires a 'distanceField' option as a String");
  }
  if (includeLocs !== undefined && typeof includeLocs !== 'string') {
    throw locationError(16607, "$geoNear requires that 'includeLocs' option is a String");
  }
  if (given === undefined) throw locationError(5860400, "$geoNear requires a 'near' option");
  const filter = operand['query'] ?? {};
  if (!isDocument(filter)) throw new MongoError('TypeMismatch', '$geoNear "query" must be an object');
  if (nearClause(filter) !== undefined) {
    throw new MongoError('BadValue', 'predicates inside a $geoNear query may not be $near');
  }
  const near = nearOf(input, given, operand, spherical === true);
  const path = pathOf(input, key, near);
  const multiplier = numberOf(distanceMultiplier) ?? 1;
  if (multiplier < 0) throw new MongoError('BadValue', '$geoNear distanceMultiplier must be non-negative');
  return searchFrom(input, { filter, near, path }).map(({ document, distance, location }) => {
    const result = cloneContainers(document);
    writePath(result, distanceField.split('.'), distance * multiplier);
    if (includeLocs !== undefined) writePath(result, includeLocs.split('.'), location);
    setMetadata(result, { geoNearDistance: distance, geoNearPoint: location });
    return result;
  });
}

function searchFrom(
  { environment, namespace, storage }: PipelineInput,
  { filter, near, path }: { filter: Document; near: Near; path: string },
): { document: Document; distance: number; location: unknown }[] {
  const results: { document: Document; distance: number; location: unknown }[] = [];
  for (const { stored } of findDocuments(storage, { ...emptyQuery(namespace), filter, environment })) {
    const document = stored.document();
    const located = locate(document, path, near);
    if (located !== undefined) results.push({ document, ...located });
  }
  return results.sort((a, b) => a.distance - b.distance);
}

/** A GeoJSON point makes distances meters; a pair makes them radians, or units of a plane. */
function nearOf(
  { environment }: PipelineInput,
  given: unknown,
  operand: Document,
  isSpherical: boolean,
): Near {
  const value = compileExpression(given, environment)({});
  const range = distanceRange(constant(operand['minDistance']), constant(operand['maxDistance']));
  function constant(distance: unknown): unknown {
    return distance === undefined ? undefined : compileExpression(distance, environment)({});
  }
  if (isDocument(value) && 'type' in value)
    return { centre: geometryCentre(value), unit: 'meters', ...range };
  const centre = legacyPosition(value);
  if (centre === undefined) {
    throw new MongoError('BadValue', "$geoNear 'near' must be a GeoJSON point or a pair of coordinates");
  }
  return isSpherical
    ? { centre: onSphere(centre), unit: 'radians', ...range }
    : { centre, unit: 'plane', ...range };
}

/** @throws MongoError IndexNotFound when there is no geo index, or more than one and no key to choose. */
function pathOf({ namespace, storage }: PipelineInput, key: unknown, near: Near): string {
  const indexes = storage.collection(namespace)?.indexes ?? [];
  if (key !== undefined) {
    if (typeof key !== 'string' || key === '') {
      throw new MongoError('TypeMismatch', '$geoNear parameter key must be of type string');
    }
    if (
      storage.collection(namespace) !== undefined &&
      !indexes.some((index) => geoPaths(index).includes(key))
    ) {
      throw new MongoError('NoQueryExecutionPlans', 'unable to find index for $geoNear query');
    }
    return key;
  }
  const wanted = near.unit === 'plane' ? ['2d', '2dsphere'] : ['2dsphere', '2d'];
  for (const kind of wanted) {
    const paths = [...new Set(indexes.flatMap((index) => pathsOfKind(index, kind)))];
    const [path] = paths;
    if (path === undefined) continue;
    if (paths.length === 1) return path;
    throw new MongoError(
      'IndexNotFound',
      `There is more than one ${kind} index on ${namespace}; unsure which to use for $geoNear`,
    );
  }
  if (storage.collection(namespace) === undefined) return '_id';
  throw new MongoError('IndexNotFound', '$geoNear requires a 2d or 2dsphere index, but none were found');
}

function pathsOfKind(index: IndexSpec, kind: string): string[] {
  return geoPaths(index).filter((path) => index.key[path] === kind);
}
