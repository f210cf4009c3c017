/** `$geoWithin` and `$geoIntersects`: tests of a stored value against an area. */
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { ValueTest } from '../query/comparison.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { boxContains, planarDistance, polygonContains } from './plane.ts';
import { legacyPosition, onSphere, parseGeometry, shapeOf } from './shapes.ts';
import type { Position } from './shapes.ts';
import { intersects, isWithinCap, isWithinPolygons } from './sphere.ts';

/** @throws MongoError BadValue, FailedToParse. */
export function geoWithinTest(operand: unknown): ValueTest {
  if (!isDocument(operand)) throw new MongoError('BadValue', 'geometry must be an object');
  const { $uniqueDocs: _unique, ...areas } = operand;
  const [name, ...others] = Object.keys(areas);
  if (name === undefined || others.length > 0) {
    throw new MongoError('BadValue', `geo query needs exactly one shape: ${shellText(operand)}`);
  }
  const area = areas[name];
  switch (name) {
    case '$geometry': {
      if (!isDocument(area)) throw new MongoError('BadValue', '$geometry must be an object');
      const { lines, points, polygons } = parseGeometry(area);
      if (polygons.length === 0 || lines.length + points.length > 0) {
        throw new MongoError(
          'BadValue',
          `$geoWithin not supported with provided geometry: ${shellText(operand)}`,
        );
      }
      return (value) => {
        const shape = shapeOf(value);
        return shape !== undefined && isWithinPolygons(shape, polygons);
      };
    }
    case '$box': {
      const [a, b, ...more] = cornersOf(area, '$box');
      if (a === undefined || b === undefined || more.length > 0) {
        throw new MongoError('BadValue', '$box requires two corners');
      }
      return onPlane((position) => boxContains([a, b], position));
    }
    case '$polygon': {
      const corners = cornersOf(area, '$polygon');
      if (corners.length < 3) throw new MongoError('BadValue', 'Polygon must have at least 3 points');
      return onPlane((position) => polygonContains(corners, position));
    }
    case '$center': {
      const [centre, radius] = circleOf(area, '$center');
      return onPlane((position) => planarDistance(position, centre) <= radius);
    }
    case '$centerSphere': {
      const [centre, radius] = circleOf(area, '$centerSphere');
      onSphere(centre);
      return (value) => {
        const shape = shapeOf(value);
        return shape !== undefined && isWithinCap(shape, centre, radius);
      };
    }
    default:
      throw new MongoError('BadValue', `unknown geo specifier: ${name}: ${shellText(area)}`);
  }
}

/** @throws MongoError BadValue. */
export function geoIntersectsTest(operand: unknown): ValueTest {
  const geometry = isDocument(operand) ? operand['$geometry'] : undefined;
  if (!isDocument(geometry)) {
    throw new MongoError(
      'BadValue',
      `$geoIntersects not supported with provided geometry: ${shellText(operand)}`,
    );
  }
  const wanted = parseGeometry(geometry);
  return (value) => {
    const shape = shapeOf(value);
    return shape !== undefined && intersects(shape, wanted);
  };
}

/** Areas of a plane hold points only. */
function onPlane(contains: (position: Position) => boolean): ValueTest {
  return (value) => {
    const shape = shapeOf(value);
    if (shape === undefined || shape.lines.length + shape.polygons.length > 0) return false;
    return shape.points.every(contains);
  };
}

function cornersOf(area: unknown, name: string): Position[] {
  const items: readonly unknown[] = Array.isArray(area) ? area : isDocument(area) ? Object.values(area) : [];
  return items.map((item) => {
    const position = legacyPosition(item);
    if (position === undefined) {
      throw new MongoError('BadValue', `${name}: Point must be an array or object of two numbers`);
    }
    return position;
  });
}

function circleOf(area: unknown, name: string): [Position, number] {
  const items: readonly unknown[] = Array.isArray(area) ? area : isDocument(area) ? Object.values(area) : [];
  const centre = legacyPosition(items[0]);
  const radius = numberOf(items[1]);
  if (centre === undefined) throw new MongoError('BadValue', `${name}: Point must be an array or object`);
  if (radius === undefined || !(radius >= 0)) {
    throw new MongoError('BadValue', 'radius must be a non-negative number');
  }
  if (items.length > 2) throw new MongoError('BadValue', 'Only 2 fields allowed for circular region');
  return [centre, radius];
}
