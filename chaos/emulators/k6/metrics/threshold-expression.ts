/** The grammar of thresholds: `aggregation operator number`, such as `p(99.9) < 300`, and what it is worth on a sink. */
import { RunError } from '../errors.ts';
import type { AnySink, MetricType } from './sinks.ts';

export type Operator = '!=' | '<' | '<=' | '==' | '===' | '>' | '>=';

export interface ThresholdExpression {
  readonly source: string;
  readonly aggregation: string;
  /** Only with the aggregation `p`. */
  readonly percent: number;
  readonly operator: Operator;
  readonly limit: number;
}

const grammar =
  /^\s*(?:(avg|min|max|med|count|rate|value)|p\(\s*([0-9]+(?:\.[0-9]+)?)\s*\))\s*(>=|<=|>|<|===|==|!=)\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*$/;

const aggregations: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'max', 'med', 'min', 'p'],
};

export function parseThreshold(source: string): ThresholdExpression {
  const match = grammar.exec(source);
  if (match === null)
    throw new RunError('invalid-configuration', `malformed threshold expression '${source}'`);
  const percent = Number(match[2] ?? 0);
  if (percent > 100) {
    throw new RunError('invalid-configuration', `threshold '${source}': a percentile lies between 0 and 100`);
  }
  return {
    aggregation: match[1] ?? 'p',
    limit: Number(match[4]),
    operator: (match[3] ?? '') as Operator,
    percent,
    source,
  };
}

export function supportsAggregation(type: MetricType, expression: ThresholdExpression): boolean {
  return aggregations[type].includes(expression.aggregation);
}

/** The value that `expression` compares; rates of counters are a second over `elapsedMs`. */
export function aggregate(sink: AnySink, expression: ThresholdExpression, elapsedMs: number): number {
  switch (sink.type) {
    case 'counter':
      return expression.aggregation === 'count' ? sink.count : perSecond(sink.count, elapsedMs);
    case 'gauge':
      return sink.value;
    case 'rate':
      return sink.rate;
    case 'trend':
      return trendValue(sink, expression);
  }
}

export function perSecond(count: number, elapsedMs: number): number {
  return elapsedMs > 0 ? count / (elapsedMs / 1000) : 0;
}

function trendValue(
  sink: Extract<AnySink, { type: 'trend' }>,
  { aggregation, percent }: ThresholdExpression,
): number {
  switch (aggregation) {
    case 'avg':
      return sink.average;
    case 'max':
      return sink.maximum;
    case 'med':
      return sink.percentile(50);
    case 'min':
      return sink.minimum;
    default:
      return sink.percentile(percent);
  }
}

export function compare(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '!=':
      return value !== limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
    case '===':
      return value === limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}
