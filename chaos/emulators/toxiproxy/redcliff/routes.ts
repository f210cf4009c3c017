/** The routes beyond Toxiproxy: counters, flips of several proxies, faults that know Redis and MongoDB. */
import { z } from 'zod';
import { json, noContent } from '../api/answer.ts';
import type { Route, RouteRequest } from '../api/router.ts';
import { TOXIPROXY_VERSION } from '../api/toxiproxy-routes.ts';
import type { ProxyCollection } from '../proxy/proxy-collection.ts';
import type { Proxy } from '../proxy/proxy.ts';
import { countersOf, detailedCountersOf } from './counters.ts';
import { parseBody, parseJson } from './parse-body.ts';

const flipSchema = z.strictObject({
  /** Wanted state by name. */
  proxies: z
    .record(z.string(), z.boolean())
    .refine((proxies) => Object.keys(proxies).length > 0, 'no proxy named'),
});

export function redcliffRoutes(proxies: ProxyCollection, seed: string): Route[] {
  const proxyOf = ({ parameters }: RouteRequest): Proxy => proxies.get(parameters['proxy'] ?? '');
  return [
    {
      methods: ['GET'],
      path: '/redcliff/about',
      handle: () => answer(200, { program: 'redcliff-toxiproxy', toxiproxy: TOXIPROXY_VERSION, seed }),
    },
    {
      methods: ['GET'],
      path: '/redcliff/counters',
      handle: () =>
        answer(200, {
          proxies: Object.fromEntries(proxies.all().map((each) => [each.name, countersOf(each)])),
        }),
    },
    {
      methods: ['GET'],
      path: '/redcliff/counters/{proxy}',
      handle: (request) => answer(200, detailedCountersOf(proxyOf(request))),
    },
    {
      methods: ['POST'],
      path: '/redcliff/flip',
      handle: async ({ body }) => {
        const wanted = parseBody(flipSchema, body);
        const flipped = await proxies.flip(new Map(Object.entries(wanted.proxies)));
        return answer(200, {
          proxies: Object.fromEntries(
            flipped.map(({ name, enabled, listen }) => [name, { enabled, listen }]),
          ),
        });
      },
    },
    {
      methods: ['GET'],
      path: '/redcliff/proxies/{proxy}/faults',
      handle: (request) => answer(200, { faults: proxyOf(request).faults.all() }),
    },
    {
      methods: ['POST'],
      path: '/redcliff/proxies/{proxy}/faults',
      handle: (request) => answer(201, proxyOf(request).faults.add(parseJson(request.body))),
    },
    {
      methods: ['DELETE'],
      path: '/redcliff/proxies/{proxy}/faults',
      handle: (request) => {
        proxyOf(request).faults.clear();
        return noContent();
      },
    },
    {
      methods: ['GET'],
      path: '/redcliff/proxies/{proxy}/faults/{fault}',
      handle: (request) => answer(200, proxyOf(request).faults.get(request.parameters['fault'] ?? '')),
    },
    {
      methods: ['DELETE'],
      path: '/redcliff/proxies/{proxy}/faults/{fault}',
      handle: (request) => {
        proxyOf(request).faults.remove(request.parameters['fault'] ?? '');
        return noContent();
      },
    },
  ];
}

function answer(status: number, body: unknown) {
  return json(status, JSON.stringify(body));
}
