/** Prometheus metrics, with the names of the original. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ProxyCollection } from '../proxy/proxy-collection.ts';
import { directions } from '../proxy/toxic.ts';
import type { ByteCounts } from '../proxy/traffic.ts';
import type { Route } from './router.ts';

export interface MetricsOptions {
  /** Bytes received and sent by each proxy. */
  readonly proxies: boolean;
  /** Memory, CPU and event loop of this process; the original tells those of Go's runtime. */
  readonly runtime: boolean;
}

const families: readonly (readonly [name: string, count: keyof ByteCounts])[] = [
  ['toxiproxy_proxy_received_bytes_total', 'received'],
  ['toxiproxy_proxy_sent_bytes_total', 'sent'],
];

/** No route at all unless some metrics are wanted, as in the original. Answers to any method. */
export function metricsRoutes(proxies: ProxyCollection, options: MetricsOptions): Route[] {
  if (!options.proxies && !options.runtime) return [];
  const runtime = new Registry();
  if (options.runtime) collectDefaultMetrics({ register: runtime });
  return [
    {
      methods: undefined,
      path: '/metrics',
      handle: async () => ({
        status: 200,
        contentType: 'text/plain; version=0.0.4; charset=utf-8',
        body: (options.proxies ? renderProxyMetrics(proxies) : '') + (await runtime.metrics()),
      }),
    },
  ];
}

/** Bytes count while they pass; the original adds a connection's bytes when it ends. */
function renderProxyMetrics(proxies: ProxyCollection): string {
  const used = proxies.all().filter(({ traffic }) => traffic.accepted > traffic.unreachedUpstream);
  if (used.length === 0) return '';
  return families
    .map(([name, count]) => {
      const series = used.flatMap((proxy) =>
        directions.toReversed().map((direction) => {
          const labels = { direction, listener: proxy.listen, proxy: proxy.name, upstream: proxy.upstream };
          const rendered = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
          return `${name}{${rendered.join(',')}} ${proxy.traffic.bytes(direction)[count]}\n`;
        }),
      );
      return `# HELP ${name} \n# TYPE ${name} counter\n${series.join('')}`;
    })
    .join('');
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
