/** Time as a script may know it: k6 has no monotonic clock. */
export function nowMs(): number {
  return Date.now();
}
