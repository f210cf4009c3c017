/** Durations as people write them: `20s`, `2m`, `1500ms`; a bare number is seconds. */
import { UsageError } from './errors.ts';

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** A longer duration is taken for a mistake. */
const longestMs = 7 * 24 * unitsMs.h;

/** Milliseconds. Throws a UsageError that names `field`. */
export function parseDurationMs(field: string, text: string): number {
  const example = `for example ${field} 20s, ${field} 1500ms or ${field} 2m`;
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  if (match === null) throw new UsageError(`${field} "${text}" is not a duration`, example);
  const durationMs = Number(match[1]) * unitsMs[(match[2] ?? 's') as keyof typeof unitsMs];
  if (!(durationMs > 0)) throw new UsageError(`${field} must be positive, but is ${text}`, example);
  if (durationMs > longestMs)
    throw new UsageError(`${field} must be at most a week, but is ${text}`, example);
  return durationMs;
}
