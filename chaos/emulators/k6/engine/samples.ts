/** Where every sample goes: into its metric, and to the outputs when there are any. */
import type { Metric, Tags } from '../metrics/metric.ts';

export interface SampleOutput extends Disposable {
  /** Called before the first sample, when it is known which tags there will be. */
  begin?(systemTags: ReadonlySet<string>): void;
  add(metric: Metric, value: number, tags: Tags, timeMs: number): void;
}

export class SampleBus {
  readonly #outputs: readonly SampleOutput[];

  constructor(outputs: readonly SampleOutput[]) {
    this.#outputs = outputs;
  }

  begin(systemTags: ReadonlySet<string>): void {
    for (const output of this.#outputs) output.begin?.(systemTags);
  }

  emit(metric: Metric, value: number, tags: Tags, timeMs: number): void {
    metric.add(value, tags);
    for (const output of this.#outputs) output.add(metric, value, tags, timeMs);
  }
}
