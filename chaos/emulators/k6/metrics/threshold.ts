/**
 * A threshold on one metric or sub-metric. Evaluated on all samples so far.
 *
 * One deliberate difference from k6, which lets a trend or rate without samples pass: nothing was measured, so the
 * answer is `unknown`, and the run fails unless that was allowed. A counter without samples has counted 0.
 */
import { aggregate, compare, parseThreshold } from './threshold-expression.ts';
import type { ThresholdExpression } from './threshold-expression.ts';
import type { ThresholdOption } from '../options/options.ts';
import type { AnySink } from './sinks.ts';

export type ThresholdState = 'crossed' | 'held' | 'unknown';

export interface Threshold {
  readonly expression: ThresholdExpression;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
  state: ThresholdState;
}

export function createThreshold(option: ThresholdOption): Threshold {
  const details: Exclude<ThresholdOption, string> =
    typeof option === 'string' ? { threshold: option } : option;
  return {
    abortOnFail: details.abortOnFail ?? false,
    delayAbortEvalMs: details.delayAbortEval ?? 0,
    expression: parseThreshold(details.threshold),
    state: 'held',
  };
}

export function evaluateThreshold(threshold: Threshold, sink: AnySink, elapsedMs: number): ThresholdState {
  const { expression } = threshold;
  if (sink.isEmpty && sink.type !== 'counter') return 'unknown';
  const value = aggregate(sink, expression, elapsedMs);
  return compare(value, expression.operator, expression.limit) ? 'held' : 'crossed';
}
