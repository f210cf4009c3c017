/** Proxies between a target and what it uses: created, removed, and asked what passed through them. */
import type { Toxiproxy } from 'toxiproxy-node-client';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import { withDeadline } from './deadline.ts';
import { freePort, isFree } from './free-port.ts';

const requestDeadlineMs = 5_000;
const portAttempts = 5;

export interface ProxyRequest {
  readonly name: string;
  /** `host:port` of the server behind it. */
  readonly upstream: string;
}

/** Port on which the new proxy listens on 127.0.0.1. */
export async function createLoopbackProxy(
  toxiproxy: Toxiproxy,
  request: ProxyRequest,
  clock: Clock,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      await createProxy(toxiproxy, { ...request, listen: `127.0.0.1:${port}` }, clock);
      return port;
    } catch (error) {
      // The port is not ours before Toxiproxy listens on it; any other reason is final.
      if (attempt === portAttempts || (await isFree(port))) throw error;
    }
  }
}

/** The address on which Toxiproxy says that it listens. */
export async function createProxy(
  toxiproxy: Toxiproxy,
  request: ProxyRequest & { readonly listen: string },
  clock: Clock,
): Promise<string> {
  const creating = toxiproxy.createProxy({ ...request, enabled: true });
  const proxy = await withDeadline(creating, requestDeadlineMs, `creating the proxy ${request.name}`, clock);
  return proxy.listen;
}

export async function removeProxy(toxiproxy: Toxiproxy, name: string, clock: Clock): Promise<void> {
  const removing = toxiproxy.get(name).then((proxy) => proxy.remove());
  await withDeadline(removing, requestDeadlineMs, `removing the proxy ${name}`, clock);
}

const aboutSchema = z.object({ program: z.literal('redcliff-toxiproxy') });

/** Whether it is our own behind that address, which can do more than the original. */
export async function isEmbeddedToxiproxy(api: string): Promise<boolean> {
  try {
    const answer = await fetch(`${api}/redcliff/about`, { signal: AbortSignal.timeout(requestDeadlineMs) });
    return aboutSchema.safeParse(await answer.json()).success;
  } catch {
    return false;
  }
}

const countersSchema = z.object({
  proxies: z.record(
    z.string(),
    z.object({ connections: z.object({ accepted: z.number(), open: z.number(), affected: z.number() }) }),
  ),
});

/** Connections of one proxy: how many it has accepted, how many are open, and on how many a toxic did something. */
export type ProxyConnections = Readonly<Record<'accepted' | 'affected' | 'open', number>>;

/** By the name of the proxy. Only for an embedded Toxiproxy, at its address `api`. Throws HarnessError when it refuses. */
export async function readCounters(api: string): Promise<ReadonlyMap<string, ProxyConnections>> {
  const answer = await fetch(`${api}/redcliff/counters`, { signal: AbortSignal.timeout(requestDeadlineMs) });
  if (!answer.ok) {
    throw new HarnessError(
      `Toxiproxy answered ${answer.status} when asked for its counters: ${(await answer.text()).trim()}`,
      'see the log of Toxiproxy in the folder of the run',
    );
  }
  const { proxies } = countersSchema.parse(await answer.json());
  return new Map(Object.entries(proxies).map(([name, { connections }]) => [name, connections]));
}

export async function toxiproxyVersion(toxiproxy: Toxiproxy, clock: Clock): Promise<string> {
  const text = await withDeadline(
    toxiproxy.getVersion(),
    requestDeadlineMs,
    'asking Toxiproxy for its version',
    clock,
  );
  // Since 2.2 an object, before that the bare version.
  return /\d+\.\d+\.\d+\S*?(?=["}\s]|$)/.exec(text)?.[0] ?? text.trim();
}
