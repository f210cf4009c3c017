/** Events that took longer than `latency-monitor-threshold`. */
export interface LatencySample {
  readonly atSeconds: number;
  readonly milliseconds: number;
}

const samplesMax = 160;

export class LatencyLog {
  readonly #events = new Map<string, { readonly samples: LatencySample[]; max: number }>();

  add(event: string, sample: LatencySample): void {
    const known = this.#events.get(event) ?? { samples: [], max: 0 };
    this.#events.set(event, known);
    known.max = Math.max(known.max, sample.milliseconds);
    const last = known.samples.at(-1);
    if (last?.atSeconds === sample.atSeconds) {
      // Of one second the worst is kept.
      if (sample.milliseconds > last.milliseconds) known.samples[known.samples.length - 1] = sample;
      return;
    }
    known.samples.push(sample);
    if (known.samples.length > samplesMax) known.samples.shift();
  }

  samples(event: string): readonly LatencySample[] {
    return this.#events.get(event)?.samples ?? [];
  }

  latest(): { event: string; sample: LatencySample; max: number }[] {
    return [...this.#events].flatMap(([event, { samples, max }]) => {
      const sample = samples.at(-1);
      return sample === undefined ? [] : [{ event, sample, max }];
    });
  }

  /** How many of the events there were. */
  reset(events: readonly string[]): number {
    const names = events.length === 0 ? [...this.#events.keys()] : events;
    return names.filter((name) => this.#events.delete(name)).length;
  }
}
