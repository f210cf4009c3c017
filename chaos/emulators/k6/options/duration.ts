/** Durations as k6 writes them: Go's `1h2m3.5s`, days with `d`, and bare numbers that mean milliseconds. */
const unitMs: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  ms: 1,
  ns: 1e-6,
  s: 1000,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
};

const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/gy;

/** Milliseconds, or undefined when `text` is no duration. */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  const trimmed = text.trim();
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const unsigned = trimmed.replace(/^[+-]/, '');
  if (/^\d+(\.\d+)?$/.test(unsigned)) return sign * Number(unsigned);
  let totalMs = 0;
  part.lastIndex = 0;
  let end = 0;
  for (let match = part.exec(unsigned); match !== null; match = part.exec(unsigned)) {
    totalMs += Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN);
    end = part.lastIndex;
  }
  return end === unsigned.length && end > 0 ? sign * totalMs : undefined;
}

/** Go's own way to print a duration, as k6 shows it in messages and option dumps: `1m30s`, `500ms`, `0s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  if (durationMs < 1) return `${trimNumber(durationMs * 1000)}µs`;
  if (durationMs < 1000) return `${trimNumber(durationMs)}ms`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = `${trimNumber((durationMs % 60_000) / 1000)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function trimNumber(value: number): string {
  return String(Number(value.toFixed(6)));
}
