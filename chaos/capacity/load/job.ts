/** Messages to and from the load generator: plain data, because it runs in a separate thread. */
import type { CapacityRequest } from '../../api/capacity.ts';
import type { JsonObject } from '../../api/context.ts';

/** Either one request again and again, or requests drawn from the target's routes by weight. */
export type Traffic =
  | { readonly kind: 'fixed'; readonly request: CapacityRequest }
  | { readonly kind: 'mix'; readonly weights: Readonly<Record<string, number>>; readonly world: JsonObject };

/** `closed`: a number of requests at once, each sent when the one before was answered. `open`: arrivals at a rate, independent of answers. */
export type Load =
  | { readonly kind: 'closed'; readonly connections: number }
  | { readonly kind: 'open'; readonly ratePerSecond: number };

export interface LoadJob {
  readonly urls: readonly string[];
  readonly traffic: Traffic;
  readonly load: Load;
  readonly seed: string;
  /** It ends between these two, as soon as enough of it was steady. */
  readonly durationMsMin: number;
  readonly durationMsMax: number;
  /** How long answers are waited for after the last request was sent. */
  readonly patienceMs: number;
}

/** One entry a request, in the order of their ends; times in milliseconds since the start of the job. */
export interface Samples {
  /** When it should have been sent: latency counts from here. */
  readonly intendedMs: Float64Array;
  /** When it was sent. */
  readonly startedMs: Float64Array;
  readonly endedMs: Float64Array;
  /** HTTP status; 0 without an answer. */
  readonly status: Uint16Array;
}

/** Shows whether the generator or the target was the limit. */
export interface GeneratorProof {
  /** Processor seconds of its thread a second. */
  readonly cpuShare: number;
  /** Share of the time in which its event loop was busy. */
  readonly loopShare: number;
  readonly loopDelayMsP99: number;
}

export interface LoadResult {
  /** Epoch milliseconds of the start. */
  readonly startedMs: number;
  /** When the last request was sent, since the start. */
  readonly sendingMs: number;
  readonly samples: Samples;
  /** Requests under way, sampled every few milliseconds: [milliseconds since the start, requests]. */
  readonly inFlight: readonly (readonly [number, number])[];
  readonly proof: GeneratorProof;
}
