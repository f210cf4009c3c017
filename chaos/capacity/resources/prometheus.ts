/** The system's own figures: what its /metrics tell of the event loop, the cache and the saves that wait for the database. */
import { z } from 'zod';

/** Sum over the processes asked, but for delays, of which the largest is taken; empty when none answered. */
export type SystemMetrics = Readonly<Record<string, number>>;

const timeoutMs = 3_000;
const delay = 'nodejs_eventloop_lag_p99_seconds';
const interesting = [
  delay,
  'opensam_cache_hits_total',
  'opensam_cache_loads_total',
  'opensam_saves_unconfirmed',
];

export async function readMetrics(urls: readonly string[], signal: AbortSignal): Promise<SystemMetrics> {
  const texts = await Promise.all(
    urls.map(async (url) => {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await (await fetch(`${url}/metrics`, { signal: patience })).text();
      } catch {
        signal.throwIfAborted();
        return '';
      }
    }),
  );
  const sums: Record<string, number> = {};
  for (const [name, value] of texts.flatMap(parseMetrics)) {
    sums[name] = name === delay ? Math.max(sums[name] ?? 0, value) : (sums[name] ?? 0) + value;
  }
  return sums;
}

/** Lines of the text format of Prometheus; the layer of a cache hit becomes part of the name. Pure. */
export function parseMetrics(text: string): [string, number][] {
  return text.split('\n').flatMap((line): [string, number][] => {
    const match = /^([a-z_0-9]+)(?:\{([^}]*)\})? (\S+)/.exec(line);
    const [, name = '', labels = '', value = ''] = match ?? [];
    if (!interesting.includes(name)) return [];
    const parsed = z.coerce.number().safeParse(value);
    if (!parsed.success) return [];
    const layer = /layer="(\w+)"/.exec(labels)?.[1];
    return [[layer === undefined ? name : `${name}_${layer}`, parsed.data]];
  });
}

export interface StepMetrics {
  readonly eventLoopLagMsP99: number | null;
  /** Of all reads that the cache was asked for, those answered from memory and from Redis. */
  readonly memoryShare: number | null;
  readonly redisShare: number | null;
  readonly unconfirmedSaves: number | null;
}

export function metricsBetween(before: SystemMetrics, after: SystemMetrics): StepMetrics {
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  const [memory, redis, loads] = [
    grown('opensam_cache_hits_total_l1'),
    grown('opensam_cache_hits_total_l2'),
    grown('opensam_cache_loads_total'),
  ];
  const reads = memory + redis + loads;
  const lag = after[delay];
  return {
    eventLoopLagMsP99: lag === undefined ? null : lag * 1_000,
    memoryShare: reads > 0 ? memory / reads : null,
    redisShare: reads > 0 ? redis / reads : null,
    unconfirmedSaves: after['opensam_saves_unconfirmed'] ?? null,
  };
}
