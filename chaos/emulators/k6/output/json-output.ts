/** `--out json=FILE`: each sample as a line, and before the first of a metric a line that describes it. */
import type { SampleOutput } from '../engine/samples.ts';
import type { Metric, Tags } from '../metrics/metric.ts';
import type { LineWriter } from './line-writer.ts';

export class JsonOutput implements SampleOutput {
  readonly #writer: LineWriter;
  readonly #described = new Set<string>();
  #lastTags: Tags | undefined;
  #lastTagsJson = '';

  constructor(writer: LineWriter) {
    this.#writer = writer;
  }

  add(metric: Metric, value: number, tags: Tags, timeMs: number): void {
    if (!this.#described.has(metric.name)) {
      this.#described.add(metric.name);
      this.#writer.write(describeMetric(metric));
    }
    // The nine samples of a request share their tags.
    if (tags !== this.#lastTags) {
      this.#lastTags = tags;
      this.#lastTagsJson = sortedJson(tags);
    }
    this.#writer.write(
      `{"metric":"${metric.name}","type":"Point","data":{"time":"${nanoTime(timeMs)}","value":${JSON.stringify(value)},"tags":${this.#lastTagsJson}}}`,
    );
  }

  [Symbol.dispose](): void {
    this.#writer[Symbol.dispose]();
  }
}

function describeMetric(metric: Metric): string {
  const submetrics = metric.submetrics.map(({ name, suffix, tags }) => ({ name, suffix, tags }));
  const data = {
    name: metric.name,
    type: metric.type,
    contains: metric.contains,
    thresholds: metric.thresholds.map(({ expression }) => expression.source),
    submetrics: submetrics.length === 0 ? null : submetrics,
  };
  return JSON.stringify({ type: 'Metric', data, metric: metric.name });
}

function sortedJson(tags: Tags): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(tags).toSorted(([left], [right]) => (left < right ? -1 : 1))),
  );
}

/** RFC 3339 with nanoseconds, as far as the clock has them. */
function nanoTime(timeMs: number): string {
  const wholeMs = Math.floor(timeMs);
  const nanos = Math.floor((timeMs - wholeMs) * 1e6);
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`;
}
