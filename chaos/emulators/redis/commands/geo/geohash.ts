/**
 * Geohashes: the world as a grid of 2^step columns and rows, whose cells are numbered along a Z-shaped curve, so that cells near each other
 * mostly have numbers near each other (G. M. Morton, 1966). Scores of members are cells at step 26, which fit a double.
 */
export interface Position {
  /** Degrees. */
  readonly longitude: number;
  readonly latitude: number;
}

export interface Cell {
  readonly step: number;
  /** From west to east, and from south to north. */
  readonly column: number;
  readonly row: number;
}

export interface Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

export const finestStep = 26;
/** Web Mercator (EPSG:900913) has no poles. */
export const world: Area = { west: -180, east: 180, south: -85.051_128_78, north: 85.051_128_78 };
/** What geohashes as text are about. */
export const wholeWorld: Area = { west: -180, east: 180, south: -90, north: 90 };

const earthRadiusMeters = 6_372_797.560_856;
const degree = Math.PI / 180;

export function cellAt({ longitude, latitude }: Position, step: number, area: Area = world): Cell {
  const columnOffset = (longitude - area.west) / (area.east - area.west);
  const rowOffset = (latitude - area.south) / (area.north - area.south);
  const cells = 2 ** step;
  // The outermost edge would be a column or row of its own, of which only 32 bits are kept.
  return { step, column: Math.floor(columnOffset * cells) >>> 0, row: Math.floor(rowOffset * cells) >>> 0 };
}

export function areaOf({ step, column, row }: Cell): Area {
  const cells = 2 ** step;
  const height = world.north - world.south;
  const width = world.east - world.west;
  return {
    south: world.south + (row / cells) * height,
    north: world.south + ((row + 1) / cells) * height,
    west: world.west + (column / cells) * width,
    east: world.west + ((column + 1) / cells) * width,
  };
}

/** Number of the cell on the curve. */
export function numberOf({ column, row }: Cell): bigint {
  return spread(BigInt(row)) | (spread(BigInt(column)) << 1n);
}

/** Lowest and, not included, highest score of members in the cell. */
export function scoresOf(cell: Cell): readonly [number, number] {
  const shift = BigInt(2 * (finestStep - cell.step));
  const number = numberOf(cell);
  return [Number(number << shift), Number((number + 1n) << shift)];
}

/** Middle of the cell that a score stands for; also of one that no position has given. */
export function positionOf(score: number): Position {
  const number = unsigned64(score);
  const area = areaOf({ step: finestStep, row: gather(number), column: gather(number >> 1n) });
  return {
    longitude: Math.min(world.east, Math.max(world.west, (area.west + area.east) / 2)),
    latitude: Math.min(world.north, Math.max(world.south, (area.south + area.north) / 2)),
  };
}

/** Over the edge of the world it goes on at the other side. */
export function neighbour({ step, column, row }: Cell, east: number, north: number): Cell {
  const cells = 2 ** step;
  return {
    step,
    column: east === 0 ? column : (column + east + cells) % cells,
    row: north === 0 ? row : (row + north + cells) % cells,
  };
}

/** Meters along a great circle (haversine formula). */
export function distanceMeters(from: Position, to: Position): number {
  const longitudeSine = Math.sin((to.longitude * degree - from.longitude * degree) / 2);
  if (longitudeSine === 0) return latitudeDistanceMeters(from.latitude, to.latitude);
  const fromLatitude = from.latitude * degree;
  const toLatitude = to.latitude * degree;
  const latitudeSine = Math.sin((toLatitude - fromLatitude) / 2);
  const square =
    latitudeSine * latitudeSine +
    Math.cos(fromLatitude) * Math.cos(toLatitude) * longitudeSine * longitudeSine;
  return 2 * earthRadiusMeters * Math.asin(Math.sqrt(square));
}

export function latitudeDistanceMeters(from: number, to: number): number {
  return earthRadiusMeters * Math.abs(to * degree - from * degree);
}

/** Degrees that so many meters are, north or south, or east or west at a latitude. */
export function degreesNorth(meters: number): number {
  return meters / earthRadiusMeters / degree;
}

export function degreesEast(meters: number, latitude: number): number {
  return meters / earthRadiusMeters / Math.cos(latitude * degree) / degree;
}

const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';

/** Eleven letters, the last of which stands for nothing. */
export function geohashText(position: Position): string {
  const number = numberOf(cellAt(position, finestStep, wholeWorld));
  let text = '';
  for (let letter = 1; letter <= 10; letter += 1) {
    text += alphabet.charAt(Number((number >> BigInt(52 - letter * 5)) & 31n));
  }
  return `${text}0`;
}

/** Puts a zero between all bits. */
function spread(value: bigint): bigint {
  let bits = value & 0xffff_ffffn;
  for (const [shift, mask] of spreadSteps) bits = (bits | (bits << shift)) & mask;
  return bits;
}

const spreadSteps = [
  [16n, 0x0000_ffff_0000_ffffn],
  [8n, 0x00ff_00ff_00ff_00ffn],
  [4n, 0x0f0f_0f0f_0f0f_0f0fn],
  [2n, 0x3333_3333_3333_3333n],
  [1n, 0x5555_5555_5555_5555n],
] as const;

function gather(value: bigint): number {
  let bits = value & 0x5555_5555_5555_5555n;
  for (const [shift, mask] of gatherSteps) bits = (bits | (bits >> shift)) & mask;
  return Number(bits);
}

const gatherSteps = [
  [1n, 0x3333_3333_3333_3333n],
  [2n, 0x0f0f_0f0f_0f0f_0f0fn],
  [4n, 0x00ff_00ff_00ff_00ffn],
  [8n, 0x0000_ffff_0000_ffffn],
  [16n, 0x0000_0000_ffff_ffffn],
] as const;

/** As x86 converts a double to 64 bits. */
export function unsigned64(score: number): bigint {
  if (score === Infinity) return 0n;
  if (!Number.isFinite(score)) return 1n << 63n;
  return BigInt.asUintN(64, BigInt(Math.trunc(score)));
}
