/**
 * Numbers of a cell: each phase with its latency distribution, and each second. Latency counts from the intended start,
 * so that a client that had to wait for a stalled system does not hide the stall (coordinated omission).
 */
import type { Operation } from '../history/operation.ts';
import type { FaultRecord, Phase, Second } from '../record/report.ts';
import { emptyHistogram, encodeHistogram, percentileMs, recordLatency, type Histogram } from './histogram.ts';
import { phaseOf, phaseSpans, type Span } from './phases.ts';

const errorKindsMax = 40;

export interface Summary {
  phases: Phase[];
  seconds: Second[];
}

/** `throughputPerSecond` counts operations that ended `ok`; latency and histogram take in all. */
export function summarise(
  history: readonly Operation[],
  faults: readonly FaultRecord[],
  loadStartMs: number,
  loadEndMs: number,
): Summary {
  const spans = phaseSpans(faults, loadStartMs, loadEndMs);
  const tallies = new Map(spans.map((span) => [span.name, new PhaseTally(span)]));
  const seconds = new Map<number, SecondTally>();
  for (const operation of history) {
    tallies.get(phaseOf(spans, operation.intendedMs, operation.endedMs))?.add(operation);
    const second = Math.max(0, Math.floor((operation.endedMs - loadStartMs) / 1000));
    let tally = seconds.get(second);
    if (tally === undefined) {
      tally = new SecondTally();
      seconds.set(second, tally);
    }
    tally.add(operation);
  }
  return {
    phases: [...tallies.values()].map((tally) => tally.phase()),
    seconds: allSeconds(seconds, Math.ceil((loadEndMs - loadStartMs) / 1000)),
  };
}

/** One entry for each second of the load, also for those in which nothing ended, and for any after it that has some. */
function allSeconds(tallies: ReadonlyMap<number, SecondTally>, loadSeconds: number): Second[] {
  const last = Math.max(loadSeconds - 1, ...tallies.keys());
  return Array.from({ length: last + 1 }, (_, second) =>
    (tallies.get(second) ?? new SecondTally()).second(second),
  );
}

class PhaseTally {
  readonly #span: Span;
  readonly #histogram: Histogram = emptyHistogram();
  readonly #operations = { ok: 0, fail: 0, info: 0 };
  readonly #errors = new Map<string, number>();
  #maxMs = 0;

  constructor(span: Span) {
    this.#span = span;
  }

  add(operation: Operation): void {
    const latencyMs = latencyOf(operation);
    recordLatency(this.#histogram, latencyMs);
    this.#maxMs = Math.max(this.#maxMs, latencyMs);
    this.#operations[operation.type] += 1;
    if (operation.type !== 'ok') countOne(this.#errors, errorKind(operation));
  }

  phase(): Phase {
    const { name, startMs, endMs } = this.#span;
    const at = (percentile: number): number =>
      Math.min(percentileMs(this.#histogram, percentile), this.#maxMs);
    return {
      name,
      startMs,
      endMs,
      operations: { ...this.#operations },
      throughputPerSecond: round((this.#operations.ok * 1000) / (endMs - startMs)),
      latencyMs: { p50: at(50), p95: at(95), p99: at(99), max: round(this.#maxMs) },
      histogram: encodeHistogram(this.#histogram),
      errors: topKinds(this.#errors),
    };
  }
}

class SecondTally {
  readonly #latencies: number[] = [];
  readonly #operations = { ok: 0, fail: 0, info: 0 };
  readonly #errors = new Map<string, number>();

  add(operation: Operation): void {
    this.#latencies.push(latencyOf(operation));
    this.#operations[operation.type] += 1;
    if (operation.type !== 'ok') countOne(this.#errors, errorKind(operation));
  }

  second(second: number): Second {
    const sorted = Float64Array.from(this.#latencies).toSorted();
    const at = (part: number): number | null => {
      const found = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
      return found === undefined ? null : round(found);
    };
    const errors = this.#errors.size === 0 ? {} : { errors: topKinds(this.#errors) };
    return { second, ...this.#operations, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), ...errors };
  }
}

function countOne(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function latencyOf(operation: Operation): number {
  return operation.endedMs - operation.intendedMs;
}

/** What kept an operation from ending `ok`: its error, else its HTTP status. */
function errorKind(operation: Operation): string {
  const status = operation.value['status'];
  const name = operation.error ?? (typeof status === 'number' && status > 0 ? `HTTP ${status}` : 'no answer');
  return `${operation.type}: ${name}`;
}

/** The commonest kinds by name, the rest counted together, so that an error text with an id in it can not flood a report. */
function topKinds(errors: ReadonlyMap<string, number>): Record<string, number> {
  const byCount = [...errors].toSorted(
    (left, right) => right[1] - left[1] || left[0].localeCompare(right[0]),
  );
  const rest = byCount.slice(errorKindsMax).reduce((sum, [, count]) => sum + count, 0);
  const kept = Object.fromEntries(byCount.slice(0, errorKindsMax));
  return rest > 0 ? { ...kept, other: rest } : kept;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
