/** Reads positions and shapes from documents: GeoJSON (RFC 7946) and MongoDB's older pairs of coordinates. */
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';

/** Longitude and latitude in degrees, or two coordinates of a plane. */
export type Position = readonly [number, number];

/** The outer ring, then the holes; the last position of a ring repeats the first. */
export type Rings = readonly (readonly Position[])[];

export interface Shape {
  readonly points: readonly Position[];
  readonly lines: readonly (readonly Position[])[];
  readonly polygons: readonly Rings[];
}

const noShape: Shape = { points: [], lines: [], polygons: [] };

/** A pair `[x, y]` or `{x: …, y: …}` of numbers, undefined for anything else. */
export function legacyPosition(value: unknown): Position | undefined {
  const items: readonly unknown[] = Array.isArray(value)
    ? value
    : isDocument(value)
      ? Object.values(value)
      : [];
  const [x, y] = items.map(numberOf);
  return items.length >= 2 && x !== undefined && y !== undefined ? [x, y] : undefined;
}

/** A stored value as a shape; undefined when it is none. */
export function shapeOf(value: unknown): Shape | undefined {
  if (isDocument(value) && typeof value['type'] === 'string') {
    try {
      return parseGeometry(value);
    } catch {
      return undefined;
    }
  }
  const position = legacyPosition(value);
  return position === undefined ? undefined : { ...noShape, points: [position] };
}

/** @throws MongoError BadValue saying what is wrong with the geometry. */
export function parseGeometry(geometry: Document): Shape {
  const { type, coordinates } = geometry;
  refuseReferenceSystem(geometry);
  switch (type) {
    case 'Point':
      return { ...noShape, points: [positionOf(coordinates, 'Point')] };
    case 'MultiPoint':
      return { ...noShape, points: listOf(coordinates, type).map((item) => positionOf(item, type)) };
    case 'LineString':
      return { ...noShape, lines: [lineOf(coordinates)] };
    case 'MultiLineString':
      return { ...noShape, lines: listOf(coordinates, type).map(lineOf) };
    case 'Polygon':
      return { ...noShape, polygons: [ringsOf(coordinates)] };
    case 'MultiPolygon':
      return { ...noShape, polygons: listOf(coordinates, type).map(ringsOf) };
    case 'GeometryCollection':
      return collectionOf(geometry['geometries']);
    default:
      throw new MongoError('BadValue', `unknown GeoJSON type: ${shellText(geometry)}`);
  }
}

function collectionOf(geometries: unknown): Shape {
  const shapes = listOf(geometries, 'GeometryCollection').map((item) => {
    if (!isDocument(item)) {
      throw new MongoError('BadValue', `Element of "geometries" is not an object: ${shellText(item)}`);
    }
    return parseGeometry(item);
  });
  return {
    points: shapes.flatMap(({ points }) => points),
    lines: shapes.flatMap(({ lines }) => lines),
    polygons: shapes.flatMap(({ polygons }) => polygons),
  };
}

const usualSystems = new Set(['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326']);

function refuseReferenceSystem({ crs }: Document): void {
  if (crs === undefined) return;
  const properties = isDocument(crs) ? crs['properties'] : undefined;
  const name = isDocument(properties) ? properties['name'] : undefined;
  if (typeof name === 'string' && usualSystems.has(name)) return;
  throw new MongoError('BadValue', `Unknown CRS name: ${shellText(name)}`);
}

function listOf(value: unknown, type: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new MongoError('BadValue', `${type} coordinates must be an array, instead got ${shellText(value)}`);
  }
  if (value.length === 0)
    throw new MongoError('BadValue', `${type} coordinates must have at least 1 element`);
  return value;
}

function positionOf(value: unknown, type: string): Position {
  const items: readonly unknown[] = Array.isArray(value)
    ? value
    : isDocument(value)
      ? Object.values(value)
      : [];
  const [longitude, latitude] = items.map(numberOf);
  if (items.length < 2 || longitude === undefined || latitude === undefined) {
    throw new MongoError(
      'BadValue',
      `${type} must be an array or object of two numbers, instead got ${shellText(value)}`,
    );
  }
  return onSphere([longitude, latitude]);
}

/** @throws MongoError BadValue for degrees there are not. */
export function onSphere(position: Position): Position {
  const [longitude, latitude] = position;
  if (Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90) return position;
  throw new MongoError('BadValue', `longitude/latitude is out of bounds, lng: ${longitude} lat: ${latitude}`);
}

function lineOf(value: unknown): readonly Position[] {
  const positions = listOf(value, 'LineString').map((item) => positionOf(item, 'LineString'));
  const different = positions.filter(
    (position, index) => index === 0 || !isSame(position, positions[index - 1]),
  );
  if (different.length >= 2) return different;
  throw new MongoError('BadValue', `GeoJSON LineString must have at least 2 vertices: ${shellText(value)}`);
}

function ringsOf(value: unknown): Rings {
  return listOf(value, 'Polygon').map((ring) => {
    const positions = listOf(ring, 'Polygon').map((item) => positionOf(item, 'Polygon'));
    if (!isSame(positions[0], positions.at(-1))) {
      throw new MongoError('BadValue', `Loop is not closed: ${shellText(ring)}`);
    }
    const different = new Set(positions.map(String));
    if (different.size < 3) {
      throw new MongoError('BadValue', `Loop must have at least 3 different vertices: ${shellText(ring)}`);
    }
    return positions;
  });
}

function isSame(a: Position | undefined, b: Position | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

export function allPositions({ points, lines, polygons }: Shape): readonly Position[] {
  return [...points, ...lines.flat(), ...polygons.flat(2)];
}
