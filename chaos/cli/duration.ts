/** Durations as people write them: `20s`, `1500ms`, `2m`, `1h`, or plain seconds. */
import { UsageError } from '../errors.ts';

const unitMs: Readonly<Record<string, number>> = { '': 1_000, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds; throws a UsageError that names `field`. */
export function parseDurationMs(field: string, text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const factor = unitMs[match?.[2] ?? ''];
  if (match === null || factor === undefined) {
    throw new UsageError(
      `${field} "${text}" is no duration`,
      'give it in seconds or with a unit: 20, 20s, 1500ms, 2m',
    );
  }
  const durationMs = Number(match[1]) * factor;
  if (!(durationMs > 0))
    throw new UsageError(`${field} must be longer than nothing, but is ${text}`, `for example ${field} 20s`);
  return durationMs;
}
