/** Values in memory are shared by every request of the process, so none of them may change one. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  // A frozen Date can still be moved by its setters; the types allow that, but no code calls them.
  if (value instanceof Date) return value;
  Object.freeze(value);
  for (const field of Object.values(value)) deepFreeze(field);
  return value;
}
