/** What each type of metric keeps of its samples, and the values that thresholds and summaries ask of it. */
import { FloatHistogram } from './float-histogram.ts';

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

export function isMetricType(name: string): name is MetricType {
  return name === 'counter' || name === 'gauge' || name === 'rate' || name === 'trend';
}

interface Sink {
  readonly type: MetricType;
  readonly isEmpty: boolean;
  add(value: number): void;
}

class CounterSink implements Sink {
  readonly type = 'counter';
  count = 0;
  #samples = 0;

  get isEmpty(): boolean {
    return this.#samples === 0;
  }

  add(value: number): void {
    this.count += value;
    this.#samples += 1;
  }
}

export class GaugeSink implements Sink {
  readonly type = 'gauge';
  value = 0;
  minimum = 0;
  maximum = 0;
  isEmpty = true;

  add(value: number): void {
    this.minimum = this.isEmpty ? value : Math.min(this.minimum, value);
    this.maximum = this.isEmpty ? value : Math.max(this.maximum, value);
    this.value = value;
    this.isEmpty = false;
  }
}

export class RateSink implements Sink {
  readonly type = 'rate';
  passes = 0;
  total = 0;

  get isEmpty(): boolean {
    return this.total === 0;
  }

  get rate(): number {
    return this.total === 0 ? 0 : this.passes / this.total;
  }

  add(value: number): void {
    this.total += 1;
    if (value !== 0) this.passes += 1;
  }
}

/** Up to this many samples are kept as they are, so that small runs get k6's exact percentiles. */
const exactSamples = 1024;

export class TrendSink implements Sink {
  readonly type = 'trend';
  count = 0;
  sum = 0;
  minimum = 0;
  maximum = 0;
  #exact: number[] = [];
  #sorted = true;
  #histogram: FloatHistogram | undefined;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get average(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  add(value: number): void {
    this.minimum = this.count === 0 || value < this.minimum ? value : this.minimum;
    this.maximum = this.count === 0 || value > this.maximum ? value : this.maximum;
    this.count += 1;
    this.sum += value;
    if (this.#histogram !== undefined) {
      this.#histogram.record(value);
      return;
    }
    this.#exact.push(value);
    this.#sorted = false;
    if (this.#exact.length > exactSamples) this.#spill();
  }

  /** Linear interpolation between the samples beside rank p·(n−1), `percent` from 0 to 100; 0 without samples. */
  percentile(percent: number): number {
    if (this.count === 0) return 0;
    const rank = (percent / 100) * (this.count - 1);
    const lower = Math.floor(rank);
    const from = this.#valueAtRank(lower);
    const to = rank === lower ? from : this.#valueAtRank(lower + 1);
    return from + (to - from) * (rank - lower);
  }

  #valueAtRank(rank: number): number {
    if (rank <= 0) return this.minimum;
    if (rank >= this.count - 1) return this.maximum;
    if (this.#histogram !== undefined) {
      return Math.min(Math.max(this.#histogram.valueAtRank(rank), this.minimum), this.maximum);
    }
    if (!this.#sorted) {
      this.#exact.sort((left, right) => left - right);
      this.#sorted = true;
    }
    return this.#exact[rank] ?? Number.NaN;
  }

  #spill(): void {
    const histogram = new FloatHistogram();
    for (const value of this.#exact) histogram.record(value);
    this.#histogram = histogram;
    this.#exact = [];
  }
}

export type AnySink = CounterSink | GaugeSink | RateSink | TrendSink;

export function createSink(type: MetricType): AnySink {
  switch (type) {
    case 'counter':
      return new CounterSink();
    case 'gauge':
      return new GaugeSink();
    case 'rate':
      return new RateSink();
    case 'trend':
      return new TrendSink();
  }
}
