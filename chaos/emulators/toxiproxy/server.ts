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
import { readPopulate } from './api/requests.ts';
import { toxiproxyRoutes } from './api/toxiproxy-routes.ts';
import { ApiError } from './errors.ts';
import { ProxyCollection } from './proxy/proxy-collection.ts';
import { Holds } from './redcliff/holds.ts';
import { InjectionList } from './redcliff/injection-list.ts';
import { injectionRoutes } from './redcliff/injection-routes.ts';
import { redcliffRoutes } from './redcliff/routes.ts';
import { TraceRecorder } from './redcliff/trace/recorder.ts';
import { traceRoutes } from './redcliff/trace-routes.ts';

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
  /** Creates proxies as POST /populate does. Resolves to what is wrong with the list, if so; those before the fault are there. */
  populate(list: string): Promise<string | undefined>;
}

/** Resolves once the API accepts. Rejects with the error of the listener, such as EADDRINUSE. */
export async function startToxiproxy(options: ToxiproxyOptions = {}): Promise<ToxiproxyServer> {
  const { host = '127.0.0.1', port = 0, seed = 0, clock = systemClock } = options;
  const random = seededRandom(seed);
  const recorder = new TraceRecorder(clock);
  const proxies = new ProxyCollection({ clock, random, recorder });
  const holds = new Holds(clock);
  const injections = new InjectionList({ proxies, holds, clock, random });
  const api = createApiServer({
    routes: [
      ...toxiproxyRoutes(proxies, () => injections.clear()),
      ...metricsRoutes(proxies, {
        proxies: options.proxyMetrics ?? false,
        runtime: options.runtimeMetrics ?? false,
      }),
      ...redcliffRoutes(proxies, String(seed)),
      ...injectionRoutes(injections, holds),
      ...traceRoutes(recorder),
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
    populate: async (list) => {
      try {
        return (await proxies.populate(readPopulate(list))).error?.message;
      } catch (error) {
        if (error instanceof ApiError) return error.message;
        throw error;
      }
    },
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
