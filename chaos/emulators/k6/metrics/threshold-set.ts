/** The thresholds of a run: bound to their metrics once the script has made those, evaluated during and after it. */
import { RunError } from '../errors.ts';
import type { Options } from '../options/options.ts';
import type { Metric, Submetric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';
import { createThreshold, evaluateThreshold } from './threshold.ts';
import type { Threshold } from './threshold.ts';
import { supportsAggregation } from './threshold-expression.ts';

export interface BoundThreshold {
  readonly threshold: Threshold;
  readonly target: Metric | Submetric;
}

export interface Evaluation {
  readonly crossed: readonly BoundThreshold[];
  readonly unknown: readonly BoundThreshold[];
  /** Those that ask for the end of the run, which is due now. */
  readonly aborting: readonly BoundThreshold[];
}

export class ThresholdSet {
  readonly #bound: BoundThreshold[] = [];

  /** Throws when an expression is malformed, its metric unknown, or its aggregation not one of that metric's. */
  constructor(options: Options['thresholds'], registry: MetricRegistry) {
    for (const [key, list] of Object.entries(options ?? {})) {
      const target = targetOf(key, registry);
      for (const option of list) {
        const threshold = createThreshold(option);
        if (!supportsAggregation(target.sink.type, threshold.expression)) {
          throw new RunError(
            'invalid-configuration',
            `threshold '${threshold.expression.source}' cannot be used with metric '${key}' of type ${target.sink.type}`,
          );
        }
        target.thresholds.push(threshold);
        this.#bound.push({ target, threshold });
      }
    }
  }

  get isEmpty(): boolean {
    return this.#bound.length === 0;
  }

  evaluate(elapsedMs: number): Evaluation {
    const crossed: BoundThreshold[] = [];
    const unknown: BoundThreshold[] = [];
    for (const bound of this.#bound) {
      const { target, threshold } = bound;
      threshold.state = evaluateThreshold(threshold, target.sink, elapsedMs);
      if (threshold.state === 'crossed') crossed.push(bound);
      if (threshold.state === 'unknown') unknown.push(bound);
    }
    const aborting = crossed.filter(
      ({ threshold }) => threshold.abortOnFail && elapsedMs >= threshold.delayAbortEvalMs,
    );
    return { aborting, crossed, unknown };
  }
}

function targetOf(key: string, registry: MetricRegistry): Metric | Submetric {
  const brace = key.indexOf('{');
  const name = brace < 0 ? key : key.slice(0, brace);
  const metric = registry.get(name.trim());
  if (metric === undefined) {
    throw new RunError('invalid-configuration', `threshold on the metric '${name}', which does not exist`);
  }
  if (brace < 0) return metric;
  if (!key.endsWith('}')) {
    throw new RunError('invalid-configuration', `threshold key '${key}': the tags have to end with '}'`);
  }
  return metric.submetric(key.slice(brace + 1, -1));
}
