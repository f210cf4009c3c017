/** Reads the target's own figures from its serving processes, in the text format of Prometheus. */
import type { MetricSamples, TargetMetrics } from '../../api/capacity.ts';
import type { HttpClient } from '../../api/context.ts';

export interface MetricsSource extends TargetMetrics {
  /** Base addresses of the processes that have them. */
  readonly urls: readonly string[];
  readonly http: HttpClient;
}

const timeoutMs = 3_000;

/** By process; empty for one that does not answer. */
export function readMetrics({ urls, path, http }: MetricsSource): Promise<MetricSamples[]> {
  return Promise.all(
    urls.map(async (url) => {
      const { status, body } = await http.get(`${url}${path}`, { deadlineMs: timeoutMs });
      return status === 200 && typeof body === 'string' ? parseMetrics(body) : {};
    }),
  );
}

/** The finite samples of a text, by series. Pure. */
export function parseMetrics(text: string): MetricSamples {
  return Object.fromEntries(
    text.split('\n').flatMap((line): [string, number][] => {
      const match = /^([a-zA-Z_:][\w:]*(?:\{.*\})?)\s+(\S+)/.exec(line);
      const [, series = '', value = ''] = match ?? [];
      return series === '' || !Number.isFinite(Number(value)) ? [] : [[series, Number(value)]];
    }),
  );
}
