/** The proxies of an external stack: the harness's own, or such as are there already and stay there. */
import type { Toxiproxy } from 'toxiproxy-node-client';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { createLoopbackProxy, createProxy, type ProxyRequest, removeProxy } from '../proxies.ts';

export interface PlacedProxy extends AsyncDisposable {
  readonly name: string;
  /** Where it listens, on the host of the Toxiproxy. */
  readonly port: number;
}

export interface PlaceRequest {
  readonly client: Toxiproxy;
  /** Name of a proxy that is there already. */
  readonly given: string | undefined;
  readonly own: ProxyRequest;
  readonly api: URL;
  readonly clock: Clock;
}

const deadlineMs = 5_000;
/** The client of Toxiproxy leaves the toxics of a proxy out. */
const proxiesSchema = z.record(
  z.string(),
  z.object({ listen: z.string(), enabled: z.boolean(), toxics: z.array(z.unknown()) }),
);

export async function placeProxy({ client, given, own, api, clock }: PlaceRequest): Promise<PlacedProxy> {
  if (given !== undefined) {
    const listen = await checkGivenProxy(api, given);
    return { name: given, port: portOf(listen), [Symbol.asyncDispose]: async () => undefined };
  }
  const port = isLoopback(api.hostname)
    ? await createLoopbackProxy(client, own, clock)
    : // On all addresses of its machine where that is another one.
      portOf(await createProxy(client, { ...own, listen: '0.0.0.0:0' }, clock));
  return { name: own.name, port, [Symbol.asyncDispose]: () => removeProxy(client, own.name, clock) };
}

/**
 * Address on which the proxy listens. Rejects unless it is there, switched on and without toxics: a proxy that is broken already says
 * nothing about a fault.
 */
export async function checkGivenProxy(api: URL, name: string): Promise<string> {
  const answer = await fetch(new URL('proxies', api), { signal: AbortSignal.timeout(deadlineMs) });
  const proxies = proxiesSchema.parse(await answer.json());
  const proxy = proxies[name];
  if (proxy === undefined)
    throw new Error(`it has no proxy "${name}", only ${Object.keys(proxies).join(', ') || 'none'}`);
  if (!proxy.enabled) throw new Error(`its proxy "${name}" is switched off`);
  if (proxy.toxics.length > 0) throw new Error(`its proxy "${name}" has toxics already`);
  return proxy.listen;
}

function portOf(listen: string): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
