/**
 * What the embedded Toxiproxy can do beyond the original: flips of several proxies in one step, and faults that choose by
 * command. A stack that has it says so by the capability `toxiproxy-extensions`.
 */
import { z } from 'zod';

const requestDeadlineMs = 5_000;
const effectSchema = z.object({
  effect: z.object({ matched: z.number(), applied: z.number() }),
});

/** `matched`: commands of the kind meant; `applied`: how many of them the fault really hit. */
export type CommandFaultEffect = z.infer<typeof effectSchema>['effect'];

/** Enables or disables several proxies at once. */
export async function flipProxies(api: string, proxies: Readonly<Record<string, boolean>>): Promise<void> {
  await request('POST', `${api}/redcliff/flip`, { proxies });
}

export async function addCommandFault(
  api: string,
  proxy: string,
  fault: { readonly name: string; readonly kind: string; readonly [setting: string]: unknown },
): Promise<void> {
  await request('POST', `${api}/redcliff/proxies/${proxy}/faults`, fault);
}

export async function commandFaultEffect(
  api: string,
  proxy: string,
  name: string,
): Promise<CommandFaultEffect> {
  const text = await request('GET', `${api}/redcliff/proxies/${proxy}/faults/${name}`);
  return effectSchema.parse(JSON.parse(text)).effect;
}

export async function removeCommandFault(api: string, proxy: string, name: string): Promise<void> {
  await request('DELETE', `${api}/redcliff/proxies/${proxy}/faults/${name}`);
}

async function request(method: string, url: string, body?: unknown): Promise<string> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(requestDeadlineMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Toxiproxy answered ${method} ${url} with ${response.status}: ${text}`);
  return text;
}
