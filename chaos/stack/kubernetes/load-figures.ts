/** What a distributed load measured, from its operations: counts, rate and latency from the intended start. Pure. */
import type { Operation } from '../../../reports/history/operation.ts';
import type { LoadResults } from './runner-logs.ts';

const quantiles = [0.5, 0.95, 0.99, 0.999] as const;

/** Nearest rank: the smallest value that at least this share does not exceed. `sorted` must not be empty. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function renderLoadFigures({ operations, droppedIterations, crossed }: LoadResults): string {
  if (operations.length === 0) return 'No operation was recorded';
  const of = (type: Operation['type']) => operations.filter((operation) => operation.type === type).length;
  const startMs = Math.min(...bounds(operations, 'intendedMs'));
  const endMs = Math.max(...bounds(operations, 'endedMs'));
  const seconds = Math.max((endMs - startMs) / 1_000, 0.001);
  const latencies = operations.map(({ intendedMs, endedMs }) => endedMs - intendedMs).sort((a, b) => a - b);
  const shown = quantiles.map((share) => `p${share * 100} ${quantile(latencies, share).toFixed(0)} ms`);
  return [
    `${operations.length} operations in ${seconds.toFixed(1)} s, ${(operations.length / seconds).toFixed(1)} a second`,
    `${of('ok')} ok, ${of('fail')} failed, ${of('info')} unknown, ${droppedIterations} dropped because no client was free`,
    `latency from the intended start: ${shown.join(', ')}, most ${latencies.at(-1)?.toFixed(0)} ms`,
    crossed.length === 0 ? 'every threshold held' : `thresholds crossed: ${crossed.join('; ')}`,
  ].join('\n');
}

/** Smallest and largest; a history is too long to be spread into the arguments of a function. */
function bounds(operations: readonly Operation[], field: 'intendedMs' | 'endedMs'): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const operation of operations) {
    low = Math.min(low, operation[field]);
    high = Math.max(high, operation[field]);
  }
  return [low, high];
}
