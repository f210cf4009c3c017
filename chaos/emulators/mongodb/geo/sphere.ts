/**
 * Geometry on the sphere with unit vectors: edges are arcs of great circles, a polygon is the smaller of the two areas
 * its ring bounds. Borders belong to the shape.
 */
import type { Position, Rings, Shape } from './shapes.ts';
import { allPositions } from './shapes.ts';

/** MongoDB's radius of the Earth. */
export const earthRadiusMeters = 6_378_100;

type Vector = readonly [number, number, number];
type Arc = readonly [Vector, Vector];

/** Angles below this, a millimetre on the Earth, are none. */
const epsilon = 1.6e-10;

export function vectorOf([longitude, latitude]: Position): Vector {
  const [lambda, phi] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function norm(a: Vector): number {
  return Math.hypot(a[0], a[1], a[2]);
}

function scaled(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

function angle(a: Vector, b: Vector): number {
  return Math.atan2(norm(cross(a, b)), dot(a, b));
}

/** Angle between two positions as seen from the centre, in radians. */
export function angularDistance(a: Position, b: Position): number {
  return angle(vectorOf(a), vectorOf(b));
}

/** Least angle between a position and a shape; 0 inside of a polygon. */
export function distanceToShape(position: Position, shape: Shape): number {
  const point = vectorOf(position);
  let least = Number.POSITIVE_INFINITY;
  for (const other of shape.points) least = Math.min(least, angle(point, vectorOf(other)));
  for (const arc of arcsOf(shape)) least = Math.min(least, distanceToArc(point, arc));
  return shape.polygons.some((rings) => polygonContains(rings, point)) ? 0 : least;
}

function distanceToArc(point: Vector, [from, to]: Arc): number {
  const normal = cross(from, to);
  const length = norm(normal);
  if (length > 0) {
    const foot = cross(cross(normal, point), normal);
    if (norm(foot) > 0 && isBetween(scaled(foot, 1 / norm(foot)), [from, to])) {
      return Math.abs(Math.asin(Math.max(-1, Math.min(1, dot(point, scaled(normal, 1 / length))))));
    }
  }
  return Math.min(angle(point, from), angle(point, to));
}

/** The point, on the great circle of the arc, lies on the arc. */
function isBetween(point: Vector, [from, to]: Arc): boolean {
  return angle(from, point) + angle(point, to) <= angle(from, to) + epsilon;
}

function arcsOf({ lines, polygons }: Pick<Shape, 'lines' | 'polygons'>): Arc[] {
  return [...lines, ...polygons.flat()].flatMap((positions) => {
    const vectors = positions.map(vectorOf);
    return vectors.slice(1).map((to, index): Arc => [vectors[index] ?? to, to]);
  });
}

function polygonContains(rings: Rings, point: Vector): boolean {
  if (arcsOf({ lines: [], polygons: [rings] }).some((arc) => distanceToArc(point, arc) <= epsilon))
    return true;
  const [outer = [], ...holes] = rings;
  return ringContains(outer, point) && !holes.some((hole) => ringContains(hole, point));
}

/** The directions to the ring's positions turn once around a point inside, and not at all around one outside. */
function ringContains(ring: readonly Position[], point: Vector): boolean {
  const vectors = ring.map(vectorOf);
  const middle = vectors.reduce<Vector>((sum, v) => [sum[0] + v[0], sum[1] + v[1], sum[2] + v[2]], [0, 0, 0]);
  if (dot(middle, point) <= 0) return false;
  let turn = 0;
  for (let index = 1; index < vectors.length; index += 1) {
    const [from, to] = [vectors[index - 1] ?? point, vectors[index] ?? point];
    const [a, b] = [cross(point, from), cross(point, to)];
    turn += Math.atan2(dot(point, cross(a, b)), dot(a, b));
  }
  return Math.abs(turn) > Math.PI;
}

/** All of `inner` lies in the polygons of `outer`. */
export function isWithinPolygons(inner: Shape, outer: readonly Rings[]): boolean {
  const vectors = allPositions(inner).map(vectorOf);
  if (!vectors.every((point) => outer.some((rings) => polygonContains(rings, point)))) return false;
  const borders = arcsOf({ lines: [], polygons: outer });
  if (arcsOf(inner).some((arc) => borders.some((border) => arcsCross(arc, border)))) return false;
  const holes = outer.flatMap(([, ...inside]) => inside);
  return !holes.some((hole) =>
    inner.polygons.some((rings) => hole.some((position) => isStrictlyInside(rings, vectorOf(position)))),
  );
}

function isStrictlyInside(rings: Rings, point: Vector): boolean {
  const borders = arcsOf({ lines: [], polygons: [rings] });
  return polygonContains(rings, point) && borders.every((arc) => distanceToArc(point, arc) > epsilon);
}

/** All positions lie within `radius` radians of the centre. */
export function isWithinCap(shape: Shape, centre: Position, radius: number): boolean {
  return allPositions(shape).every((position) => angularDistance(position, centre) <= radius + 1e-15);
}

export function intersects(a: Shape, b: Shape): boolean {
  return touches(a, b) || touches(b, a) || arcsMeet(arcsOf(a), arcsOf(b));
}

/** Some position of `a` is on or in `b`. */
function touches(a: Shape, b: Shape): boolean {
  const arcs = arcsOf(b);
  const points = b.points.map(vectorOf);
  return allPositions(a).some((position) => {
    const vector = vectorOf(position);
    return (
      points.some((point) => angle(point, vector) <= epsilon) ||
      arcs.some((arc) => distanceToArc(vector, arc) <= epsilon) ||
      b.polygons.some((rings) => polygonContains(rings, vector))
    );
  });
}

function arcsMeet(a: readonly Arc[], b: readonly Arc[]): boolean {
  return a.some((first) => b.some((second) => arcsCross(first, second)));
}

/** The arcs cross at a point that is no end of either. */
function arcsCross(a: Arc, b: Arc): boolean {
  const line = cross(cross(a[0], a[1]), cross(b[0], b[1]));
  const length = norm(line);
  if (length < 1e-15) return false;
  return [1, -1].some((sign) => {
    const point = scaled(line, sign / length);
    const isEnd = [...a, ...b].some((end) => angle(end, point) <= epsilon);
    return !isEnd && isBetween(point, a) && isBetween(point, b);
  });
}
