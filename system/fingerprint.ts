/** Tells the same request, sent again, from another one under the same Idempotency-Key. */
import { createHash } from 'node:crypto';

/** Fields in any order; those that are absent count as not given. */
export function fingerprintOf(request: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(request)
    .filter(([, value]) => value !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url').slice(0, 22);
}
