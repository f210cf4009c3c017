/** Areas of a plane, as `$box`, `$polygon` and `$center` name them. Borders belong to the area. */
import type { Position } from './shapes.ts';

export function planarDistance([ax, ay]: Position, [bx, by]: Position): number {
  return Math.hypot(ax - bx, ay - by);
}

export function boxContains([[ax, ay], [bx, by]]: readonly [Position, Position], [x, y]: Position): boolean {
  return x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);
}

/** Counts how often a ray from the position crosses the border. */
export function polygonContains(corners: readonly Position[], position: Position): boolean {
  const [x, y] = position;
  let isInside = false;
  for (let index = 0; index < corners.length; index += 1) {
    const from = corners[index] ?? position;
    const to = corners[(index + 1) % corners.length] ?? position;
    if (isOnEdge(from, to, position)) return true;
    if (from[1] > y === to[1] > y) continue;
    if (x < ((to[0] - from[0]) * (y - from[1])) / (to[1] - from[1]) + from[0]) isInside = !isInside;
  }
  return isInside;
}

function isOnEdge(from: Position, to: Position, position: Position): boolean {
  const area = (to[0] - from[0]) * (position[1] - from[1]) - (to[1] - from[1]) * (position[0] - from[0]);
  return Math.abs(area) < 1e-12 && boxContains([from, to], position);
}
