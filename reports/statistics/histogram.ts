/**
 * Latency histograms of the HDR kind (Gil Tene's HdrHistogram): any number of values in little space, three significant
 * digits, and mergeable, so that runs can be compared by their whole distribution and not by a few percentiles.
 */
import hdr, { type Histogram } from 'hdr-histogram-js';

export type { Histogram } from 'hdr-histogram-js';

const microsecondsPerMs = 1000;
const highestMicroseconds = 3_600_000_000;

export function emptyHistogram(): Histogram {
  return hdr.build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMicroseconds,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}

/** Latencies below 0 count as 0, above an hour as an hour. */
export function recordLatency(histogram: Histogram, latencyMs: number): void {
  const microseconds = Math.round(latencyMs * microsecondsPerMs);
  histogram.recordValue(Math.min(Math.max(microseconds, 0), highestMicroseconds));
}

/** Latency in milliseconds that `percentile` (0–100) of the values do not exceed; 0 for an empty histogram. */
export function percentileMs(histogram: Histogram, percentile: number): number {
  if (histogram.totalCount === 0) return 0;
  return histogram.getValueAtPercentile(percentile) / microsecondsPerMs;
}

/** Mean latency in milliseconds; 0 for an empty histogram. */
export function meanMs(histogram: Histogram): number {
  return histogram.totalCount === 0 ? 0 : histogram.mean / microsecondsPerMs;
}

/** Slices of equal count, each represented by its middle. */
const slices = 200;

/** Geometric mean of the latencies in milliseconds, of which those below a microsecond count as one; 0 for an empty histogram. */
export function geometricMeanMs(histogram: Histogram): number {
  if (histogram.totalCount === 0) return 0;
  let sum = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    sum += Math.log(Math.max(1, histogram.getValueAtPercentile((100 * (slice + 0.5)) / slices)));
  }
  return Math.exp(sum / slices) / microsecondsPerMs;
}

/** HDR compressed V2, base64. */
export function encodeHistogram(histogram: Histogram): string {
  return hdr.encodeIntoCompressedBase64(histogram);
}

/** Throws when `text` is not an HDR histogram. */
export function decodeHistogram(text: string): Histogram {
  return hdr.decodeFromCompressedBase64(text, 32, false);
}

export function mergeHistograms(texts: Iterable<string>): Histogram {
  const merged = emptyHistogram();
  for (const text of texts) merged.add(decodeHistogram(text));
  return merged;
}
