/** The routes of Toxiproxy 2.12, with its statuses and bodies. */
import { ApiError } from '../errors.ts';
import type { ProxyCollection } from '../proxy/proxy-collection.ts';
import type { Proxy } from '../proxy/proxy.ts';
import type { Toxic } from '../proxy/toxic.ts';
import { json, noContent, type Answer } from './answer.ts';
import {
  renderError,
  renderPopulated,
  renderProxies,
  renderProxy,
  renderToxic,
  renderToxics,
} from './render.ts';
import { readNewProxy, readNewToxic, readPopulate, readProxyUpdate, readToxicUpdate } from './requests.ts';
import type { Route, RouteRequest } from './router.ts';

export const TOXIPROXY_VERSION = '2.12.0';

/** `onReset` removes what goes beyond toxics and faults. */
export function toxiproxyRoutes(proxies: ProxyCollection, onReset: () => void): Route[] {
  const proxyOf = ({ parameters }: RouteRequest): Proxy => proxies.get(parameters['proxy'] ?? '');
  const toxicOf = (request: RouteRequest): { proxy: Proxy; toxic: Toxic } => {
    const proxy = proxyOf(request);
    const toxic = proxy.toxics.find(request.parameters['toxic'] ?? '');
    if (toxic === undefined) throw new ApiError('toxicNotFound');
    return { proxy, toxic };
  };

  return [
    { methods: ['GET'], path: '/version', handle: version },
    {
      methods: ['POST'],
      path: '/reset',
      handle: async () => {
        onReset();
        await proxies.reset();
        return noContent();
      },
    },
    { methods: ['POST'], path: '/populate', handle: ({ body }) => populate(proxies, body) },
    { methods: ['GET'], path: '/proxies', handle: () => json(200, renderProxies(proxies.all())) },
    {
      methods: ['POST'],
      path: '/proxies',
      handle: async ({ body }) => json(201, renderProxy(await proxies.add(readNewProxy(body)))),
    },
    {
      methods: ['GET'],
      path: '/proxies/{proxy}',
      handle: (request) => json(200, renderProxy(proxyOf(request))),
    },
    {
      methods: ['POST', 'PATCH'],
      path: '/proxies/{proxy}',
      handle: async (request) => {
        const proxy = proxyOf(request);
        await proxy.update(readProxyUpdate(request.body, proxy));
        return json(200, renderProxy(proxy));
      },
    },
    {
      methods: ['DELETE'],
      path: '/proxies/{proxy}',
      handle: ({ parameters }) => {
        proxies.remove(parameters['proxy'] ?? '');
        return noContent();
      },
    },
    {
      methods: ['GET'],
      path: '/proxies/{proxy}/toxics',
      handle: (request) => json(200, renderToxics(proxyOf(request))),
    },
    {
      methods: ['POST'],
      path: '/proxies/{proxy}/toxics',
      handle: (request) => {
        const { toxics } = proxyOf(request);
        const toxic = readNewToxic(request.body, (name) => toxics.find(name) !== undefined);
        toxics.add(toxic);
        return json(200, renderToxic(toxic));
      },
    },
    {
      methods: ['GET'],
      path: '/proxies/{proxy}/toxics/{toxic}',
      handle: (request) => json(200, renderToxic(toxicOf(request).toxic)),
    },
    {
      methods: ['POST', 'PATCH'],
      path: '/proxies/{proxy}/toxics/{toxic}',
      handle: (request) => {
        const { proxy, toxic } = toxicOf(request);
        proxy.toxics.update(toxic, readToxicUpdate(request.body, toxic));
        return json(200, renderToxic(toxic));
      },
    },
    {
      methods: ['DELETE'],
      path: '/proxies/{proxy}/toxics/{toxic}',
      handle: (request) => {
        const { proxy, toxic } = toxicOf(request);
        proxy.toxics.remove(toxic);
        return noContent();
      },
    },
  ];
}

function version(): Answer {
  return {
    status: 200,
    contentType: 'application/json;charset=utf-8',
    body: `{"version": "${TOXIPROXY_VERSION}"}\n`,
  };
}

/** Errors of populate differ from all others: real JSON, with the proxies done so far. */
async function populate(proxies: ProxyCollection, body: string): Promise<Answer> {
  try {
    const outcome = await proxies.populate(readPopulate(body));
    if (outcome.error === undefined) return json(201, `{"proxies":${renderPopulated(outcome.proxies)}}`);
    return populateError(outcome.error, outcome.proxies);
  } catch (error) {
    if (error instanceof ApiError) return populateError(error, []);
    throw error;
  }
}

function populateError(error: ApiError, done: readonly Proxy[]): Answer {
  return json(error.status, `${renderError(error).slice(0, -1)},"proxies":${renderPopulated(done)}}`);
}
