/** Equality of two JSON values; the order of an object's keys does not count. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const leftEntries = new Map(Object.entries(left));
  const rightEntries = new Map(Object.entries(right));
  if (leftEntries.size !== rightEntries.size) return false;
  for (const [name, value] of leftEntries) {
    if (!rightEntries.has(name) || !sameJson(value, rightEntries.get(name))) return false;
  }
  return true;
}
