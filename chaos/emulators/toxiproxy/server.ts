/**
 * The embedded Toxiproxy: the HTTP API and the toxics of Toxiproxy 2.12 in one object, every random choice drawn from
 * one seed. docs/toxiproxy.md says where it differs from the original and what it adds.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { systemClock, type Clock } from '../../clock.ts';
import { seededRandom } from '../../random.ts';
import { createApiServer } from './api/http-server.ts';
import { metricsRoutes } from './api/metrics.ts';
import { requestIds } from './api/request-id.ts';
import { toxiproxyRoutes } from './api/toxiproxy-routes.ts';
import { ProxyCollection } from './proxy/proxy-collection.ts';
import { redcliffRoutes } from './redcliff/routes.ts';

export interface ToxiproxyOptions {
  /** Interface of the API; 127.0.0.1 unless given. */
  readonly host?: string;
  /** Port of the API; 0 picks one. */
  readonly port?: number;
  /** Every random draw comes from it; '0' unless given. */
  readonly seed?: string | number;
  /** Serve /metrics with the bytes of each proxy. */
  readonly proxyMetrics?: boolean;
  /** Serve /metrics with memory, CPU and event loop of the process. */
  readonly runtimeMetrics?: boolean;
  readonly clock?: Clock;
}

export interface ToxiproxyServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** For clients: http://host:port. */
  readonly url: string;
}

/** Resolves once the API accepts. Rejects with the error of the listener, such as EADDRINUSE. */
export async function startToxiproxy(options: ToxiproxyOptions = {}): Promise<ToxiproxyServer> {
  const { host = '127.0.0.1', port = 0, seed = 0, clock = systemClock } = options;
  const random = seededRandom(seed);
  const proxies = new ProxyCollection({ clock, random });
  const api = createApiServer({
    routes: [
      ...toxiproxyRoutes(proxies),
      ...metricsRoutes(proxies, {
        proxies: options.proxyMetrics ?? false,
        runtime: options.runtimeMetrics ?? false,
      }),
      ...redcliffRoutes(proxies, String(seed)),
    ],
    newRequestId: requestIds(clock, random.fork('request-id')),
  });
  api.listen({ host, port });
  await once(api, 'listening');
  const address = api.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    host,
    port: boundPort,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    [Symbol.asyncDispose]: async () => {
      proxies.stop();
      await closeApi(api);
    },
  };
}

async function closeApi(api: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    api.close(() => resolve());
  });
  api.closeAllConnections();
  await closed;
}
