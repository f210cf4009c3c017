/** A history as CSV (RFC 4180) for spreadsheets and notebooks: one line an operation, `value` as JSON. */
import type { Operation } from '../history/operation.ts';

const columns = [
  'process',
  'f',
  'type',
  'intended_ms',
  'started_ms',
  'ended_ms',
  'latency_ms',
  'status',
  'error',
  'value',
];

/** Lines without their ends, the header first. `latency_ms` counts from the intended start. */
export function* csvLines(history: Iterable<Operation>): Generator<string> {
  yield columns.join(',');
  for (const { process, f, type, value, intendedMs, startedMs, endedMs, error } of history) {
    const latencyMs = Math.round((endedMs - intendedMs) * 1000) / 1000;
    const fields = [
      process,
      f,
      type,
      intendedMs,
      startedMs,
      endedMs,
      latencyMs,
      value['status'] ?? '',
      error ?? '',
      JSON.stringify(value),
    ];
    yield fields.map((field) => quoted(String(field))).join(',');
  }
}

function quoted(field: string): string {
  // A spreadsheet takes a text that begins like this for a formula, and runs it.
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(field) ? `'${field}` : field;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
