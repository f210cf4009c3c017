/** The module `k6/metrics`: metrics that a script makes in its init code and adds to while it runs. */
import { callingContext } from '../engine/script-context.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MetricType } from '../metrics/sinks.ts';

class ScriptMetric {
  readonly name: string;
  readonly #metric: Metric;

  constructor(type: MetricType, name: unknown, isTime: unknown) {
    const context = callingContext('a metric');
    if (context.phase !== 'init') throw new Error('metrics must be declared in the init context');
    this.name = String(name);
    this.#metric = context.run.registry.define(this.name, type, isTime === true ? 'time' : 'default');
  }

  add(value: unknown, extraTags?: Readonly<Record<string, unknown>>): boolean {
    const context = callingContext('metric.add()');
    if (context.phase === 'init') throw new Error('metrics cannot be added to in the init context');
    const number = typeof value === 'boolean' ? Number(value) : Number.parseFloat(String(value));
    if (!Number.isFinite(number)) {
      context.run.log.report('warning', `the metric '${this.name}' cannot take the value '${String(value)}'`);
      return false;
    }
    if (this.#metric.type === 'counter' && number < 0) {
      context.run.log.report('warning', `the counter '${this.name}' cannot be decreased by ${number}`);
      return false;
    }
    const { clock, samples } = context.run;
    samples.emit(this.#metric, number, withTags(context.tags, extraTags), clock.nowMs());
    return true;
  }
}

function withTags(
  tags: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> {
  if (extra === undefined || extra === null) return tags;
  const merged: Record<string, string> = { ...tags };
  for (const [name, value] of Object.entries(extra)) merged[name] = String(value);
  return merged;
}

class Counter extends ScriptMetric {
  constructor(name: unknown, isTime?: unknown) {
    super('counter', name, isTime);
  }
}

class Gauge extends ScriptMetric {
  constructor(name: unknown, isTime?: unknown) {
    super('gauge', name, isTime);
  }
}

class Rate extends ScriptMetric {
  constructor(name: unknown, isTime?: unknown) {
    super('rate', name, isTime);
  }
}

class Trend extends ScriptMetric {
  constructor(name: unknown, isTime?: unknown) {
    super('trend', name, isTime);
  }
}

const metrics = { Counter, Gauge, Rate, Trend };

export const metricsModule = { ...metrics, default: metrics };
