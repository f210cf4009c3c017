/** `$near`, `$nearSphere` and the search of `$geoNear`: distances of stored values from a position. */
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { walkPath } from '../query/path.ts';
import type { Document, IndexSpec } from '../storage/contract.ts';
import { geoPaths } from '../storage/index-kind.ts';
import { planarDistance } from './plane.ts';
import { legacyPosition, onSphere, parseGeometry, shapeOf } from './shapes.ts';
import type { Position } from './shapes.ts';
import { distanceToShape, earthRadiusMeters } from './sphere.ts';

/** How distances are told: on a plane, as angles in radians, or in meters on the Earth. */
export type DistanceUnit = 'plane' | 'radians' | 'meters';

export interface Near {
  readonly centre: Position;
  readonly unit: DistanceUnit;
  readonly minDistance: number;
  readonly maxDistance: number;
}

/** What is nearest to the centre in a document. */
export interface Located {
  readonly distance: number;
  readonly location: unknown;
}

/** `operators` is all that the filter says of the field. @throws MongoError BadValue. */
export function parseNear(name: '$near' | '$nearSphere', operators: Document): Near {
  const operand = operators[name];
  const geometry = isDocument(operand) ? (operand['$geometry'] ?? bareGeometry(operand)) : undefined;
  if (geometry !== undefined && isDocument(operand)) {
    return {
      centre: geometryCentre(geometry),
      unit: 'meters',
      ...distanceRange(operand['$minDistance'], operand['$maxDistance']),
    };
  }
  const centre = legacyPosition(operand);
  if (centre === undefined) {
    throw new MongoError('BadValue', `invalid argument in geo near query: ${name} needs a position`);
  }
  const items: readonly unknown[] = Array.isArray(operand)
    ? operand
    : isDocument(operand)
      ? Object.values(operand)
      : [];
  const inside = isDocument(operand) ? operand : {};
  const maxDistance = operators['$maxDistance'] ?? inside['$maxDistance'] ?? items[2];
  return {
    centre: name === '$nearSphere' ? onSphere(centre) : centre,
    unit: name === '$nearSphere' ? 'radians' : 'plane',
    ...distanceRange(operators['$minDistance'] ?? inside['$minDistance'], maxDistance),
  };
}

/** `$near` also takes the geometry itself. */
function bareGeometry(operand: Document): Document | undefined {
  const { coordinates, type } = operand;
  return typeof type === 'string' ? { type, coordinates } : undefined;
}

/** The position of a GeoJSON point. @throws MongoError BadValue. */
export function geometryCentre(geometry: unknown): Position {
  if (isDocument(geometry) && geometry['type'] === 'Point') {
    const [centre] = parseGeometry(geometry).points;
    if (centre !== undefined) return centre;
  }
  const pair = isDocument(geometry) && 'type' in geometry ? undefined : legacyPosition(geometry);
  if (pair === undefined) {
    throw new MongoError('BadValue', '$near requires a point, given something else in its $geometry');
  }
  return onSphere(pair);
}

export function distanceRange(minimum: unknown, maximum: unknown): Pick<Near, 'minDistance' | 'maxDistance'> {
  return {
    minDistance: distanceOf(minimum, 'minDistance') ?? 0,
    maxDistance: distanceOf(maximum, 'maxDistance') ?? Number.POSITIVE_INFINITY,
  };
}

function distanceOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  const distance = numberOf(value);
  if (distance === undefined) throw new MongoError('BadValue', `${name} must be a number`);
  if (!(distance >= 0)) throw new MongoError('BadValue', `${name} must be non-negative`);
  return distance;
}

/** The nearest value at the path within the range, undefined when there is none. */
export function locate(document: unknown, path: string, near: Near): Located | undefined {
  let nearest: Located | undefined;
  walkPath(document, path.split('.'), { expandLeaf: true }, (value) => {
    const distance = distanceFrom(near, value);
    if (distance === undefined || distance < near.minDistance || distance > near.maxDistance) return false;
    if (nearest === undefined || distance < nearest.distance) nearest = { distance, location: value };
    return false;
  });
  return nearest;
}

function distanceFrom({ centre, unit }: Near, value: unknown): number | undefined {
  const shape = shapeOf(value);
  if (shape === undefined) return undefined;
  if (unit === 'plane') {
    const distances = shape.points.map((point) => planarDistance(centre, point));
    return distances.length === 0 ? undefined : Math.min(...distances);
  }
  const angle = distanceToShape(centre, shape);
  return unit === 'meters' ? angle * earthRadiusMeters : angle;
}

/** Whether the index can answer a search of this kind; MongoDB needs one. */
export function serves(index: IndexSpec, path: string, { unit }: Pick<Near, 'unit'>): boolean {
  if (!geoPaths(index).includes(path)) return false;
  if (unit === 'plane') return index.key[path] === '2d';
  return unit === 'radians' || index.key[path] === '2dsphere';
}

export interface NearClause {
  readonly path: string;
  readonly near: Near;
}

/** The `$near` of a filter, which stands at its top or in an `$and`. */
export function nearClause(filter: Document): NearClause | undefined {
  for (const [path, value] of Object.entries(filter)) {
    if (path === '$and' && Array.isArray(value)) {
      for (const clause of value as readonly unknown[]) {
        const found = isDocument(clause) ? nearClause(clause) : undefined;
        if (found !== undefined) return found;
      }
    }
    if (path.startsWith('$') || !isDocument(value)) continue;
    for (const name of ['$near', '$nearSphere'] as const) {
      if (name in value) return { path, near: parseNear(name, value) };
    }
  }
  return undefined;
}
