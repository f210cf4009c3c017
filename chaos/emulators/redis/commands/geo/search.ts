/** Members within a circle or a box: those of the cell in the middle and of the eight around it, checked one by one. */
import type { Bytes } from '../../bytes/byte-string.ts';
import type { SortedSetValue } from '../../values/sorted-set-value.ts';
import {
  areaOf,
  cellAt,
  degreesEast,
  degreesNorth,
  distanceMeters,
  finestStep,
  latitudeDistanceMeters,
  neighbour,
  positionOf,
  scoresOf,
  type Area,
  type Cell,
  type Position,
} from './geohash.ts';

/** Lengths in meters. */
export type Shape =
  | { readonly kind: 'circle'; readonly center: Position; readonly radius: number }
  | { readonly kind: 'box'; readonly center: Position; readonly width: number; readonly height: number };

export interface FoundMember {
  readonly member: Bytes;
  readonly score: number;
  readonly position: Position;
  readonly meters: number;
}

/** Half of the equator in Web Mercator, meters. */
const halfEquatorMeters = 20_037_726.37;

/** In the order in which the cells are gone through; no more than `countMax`. */
export function search(set: SortedSetValue, shape: Shape, countMax: number): FoundMember[] {
  const found: FoundMember[] = [];
  let last: Cell | undefined;
  const cells = cellsFor(shape);
  for (const [index, cell] of cells.entries()) {
    if (cell === undefined) continue;
    // In wide areas cells meet on the other side of the world.
    if (last !== undefined && cell.column === last.column && cell.row === last.row) continue;
    if (found.length >= countMax) break;
    collect(set, cell, shape, found, countMax);
    if (index > 0) last = cell;
  }
  return found;
}

function collect(
  set: SortedSetValue,
  cell: Cell,
  shape: Shape,
  found: FoundMember[],
  countMax: number,
): void {
  const [lowest, end] = scoresOf(cell);
  const from = set.countWhile(({ score }) => score < lowest);
  const to = set.countWhile(({ score }) => score < end);
  for (const { member, score } of set.slice(from, to)) {
    const position = positionOf(score);
    const meters = distanceWithin(shape, position);
    if (meters === undefined) continue;
    found.push({ member, score, position, meters });
    if (found.length >= countMax) return;
  }
}

/** Distance from the middle; undefined outside of the shape. */
function distanceWithin(shape: Shape, position: Position): number | undefined {
  const { center } = shape;
  if (shape.kind === 'circle') {
    const meters = distanceMeters(center, position);
    return meters > shape.radius ? undefined : meters;
  }
  if (latitudeDistanceMeters(position.latitude, center.latitude) > shape.height / 2) return undefined;
  const sameLatitude = { longitude: center.longitude, latitude: position.latitude };
  if (distanceMeters(position, sameLatitude) > shape.width / 2) return undefined;
  return distanceMeters(center, position);
}

/** The middle, north, south, east, west, and the corners; undefined where nothing of the shape can be. */
function cellsFor(shape: Shape): (Cell | undefined)[] {
  const { center } = shape;
  const bounds = boundsOf(shape);
  let step = stepFor(shape);
  let middle = cellAt(center, step);
  if (step > 1 && !reaches(middle, bounds)) {
    step -= 1;
    middle = cellAt(center, step);
  }
  const area = areaOf(middle);
  const isCoarse = step < 2;
  const hasNorth = isCoarse || area.north <= bounds.north;
  const hasSouth = isCoarse || area.south >= bounds.south;
  const hasEast = isCoarse || area.east <= bounds.east;
  const hasWest = isCoarse || area.west >= bounds.west;
  const at = (isNeeded: boolean, east: number, north: number) =>
    isNeeded ? neighbour(middle, east, north) : undefined;
  return [
    middle,
    at(hasNorth, 0, 1),
    at(hasSouth, 0, -1),
    at(hasEast, 1, 0),
    at(hasWest, -1, 0),
    at(hasNorth && hasEast, 1, 1),
    at(hasNorth && hasWest, -1, 1),
    at(hasSouth && hasEast, 1, -1),
    at(hasSouth && hasWest, -1, -1),
  ];
}

/** Whether the cells around the middle cover the bounds. */
function reaches(middle: Cell, bounds: Area): boolean {
  return (
    areaOf(neighbour(middle, 0, 1)).north >= bounds.north &&
    areaOf(neighbour(middle, 0, -1)).south <= bounds.south &&
    areaOf(neighbour(middle, 1, 0)).east >= bounds.east &&
    areaOf(neighbour(middle, -1, 0)).west <= bounds.west
  );
}

function boundsOf(shape: Shape): Area {
  const { longitude, latitude } = shape.center;
  const [width, height] =
    shape.kind === 'circle' ? [shape.radius, shape.radius] : [shape.width / 2, shape.height / 2];
  const north = degreesNorth(height);
  // Wider at the edge that is nearer to a pole.
  const east = degreesEast(width, latitude < 0 ? latitude - north : latitude + north);
  return {
    west: longitude - east,
    east: longitude + east,
    south: latitude - north,
    north: latitude + north,
  };
}

/** How fine the grid may be so that nine cells cover the shape. */
function stepFor(shape: Shape): number {
  const meters = shape.kind === 'circle' ? shape.radius : Math.hypot(shape.width / 2, shape.height / 2);
  if (meters === 0) return finestStep;
  let step = -1;
  for (let range = meters; range < halfEquatorMeters; range *= 2) step += 1;
  const { latitude } = shape.center;
  if (Math.abs(latitude) > 66) step -= 1;
  if (Math.abs(latitude) > 80) step -= 1;
  return Math.min(finestStep, Math.max(1, step));
}
