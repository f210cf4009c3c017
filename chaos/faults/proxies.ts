/**
 * What is done to the proxies between the target and its stores: switched off and on, given toxics, and, with the embedded Toxiproxy, faults that
 * choose by command. All of it works on several proxies at once, for each process may have its own.
 */
import { type ICreateToxicBody, Toxiproxy } from 'toxiproxy-node-client';
import { z } from 'zod';
import { onlyOnce, type FaultContext, type StoreName } from '../api/fault.ts';

type Proxies = Pick<FaultContext, 'proxies' | 'stack'>;
export type ToxicSettings = Omit<ICreateToxicBody<unknown>, 'name' | 'toxicity'>;

const requestDeadlineMs = 5_000;

/** In one step where Toxiproxy can do that; otherwise a few milliseconds lie between the first and the last. */
export async function switchProxies(
  { proxies, stack }: Proxies,
  names: readonly string[],
  enabled: boolean,
): Promise<void> {
  if (stack.capabilities.has('toxiproxy-extensions')) {
    const flips = Object.fromEntries(names.map((name) => [name, enabled]));
    await request('POST', `${proxies.api}/redcliff/flip`, { proxies: flips });
    return;
  }
  const toxiproxy = new Toxiproxy(proxies.api);
  await Promise.all(
    names.map(async (name) => {
      const proxy = await toxiproxy.get(name);
      await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
    }),
  );
}

/**
 * Adds the toxics to every proxy of the store, or to none. Resolves to what removes them again. Their names are made from the fault's, so that
 * another fault's toxics may stand beside them.
 */
export async function addToxics(
  { proxies }: Proxies,
  store: string,
  fault: string,
  toxics: readonly ToxicSettings[],
): Promise<() => Promise<void>> {
  const toxiproxy = new Toxiproxy(proxies.api);
  const added: { remove(): Promise<void> }[] = [];
  const remove = onlyOnce(async () => {
    for (let toxic = added.at(-1); toxic !== undefined; toxic = added.at(-1)) {
      await toxic.remove();
      added.pop();
    }
  });
  try {
    for (const name of proxies.to(store)) {
      const proxy = await toxiproxy.get(name);
      for (const settings of toxics) {
        const toxic = `redcliff-${fault}-${settings.stream}`;
        added.push(await proxy.addToxic({ ...settings, name: toxic, toxicity: 1 }));
      }
    }
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A fault of the embedded Toxiproxy that chooses by command (docs/toxiproxy.md). */
export interface CommandFault {
  readonly name: string;
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** `matched`: commands of the kind meant; `applied`: how many of them the fault was applied to. */
export interface CommandFaultEffect {
  readonly matched: number;
  readonly applied: number;
}

const effectSchema = z.object({ effect: z.object({ matched: z.number(), applied: z.number() }) });

/** On every proxy of the store, or on none. */
export async function addCommandFault(
  { proxies }: Proxies,
  store: StoreName,
  fault: CommandFault,
): Promise<{ effect(): Promise<CommandFaultEffect>; remove(): Promise<void> }> {
  const urls: string[] = [];
  const remove = onlyOnce(async () => {
    for (let url = urls.at(-1); url !== undefined; url = urls.at(-1)) {
      await request('DELETE', url);
      urls.pop();
    }
  });
  try {
    for (const name of proxies.to(store)) {
      const faults = `${proxies.api}/redcliff/proxies/${encodeURIComponent(name)}/faults`;
      await request('POST', faults, fault);
      urls.push(`${faults}/${encodeURIComponent(fault.name)}`);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    effect: async () => {
      const effects = await Promise.all(
        urls.map(async (url) => effectSchema.parse(JSON.parse(await request('GET', url))).effect),
      );
      return {
        matched: effects.reduce((sum, { matched }) => sum + matched, 0),
        applied: effects.reduce((sum, { applied }) => sum + applied, 0),
      };
    },
    remove,
  };
}

/** Throws an Error that names the request when it is refused, or has no answer in time; `given` gives it up earlier. */
export async function request(
  method: string,
  url: string,
  body?: unknown,
  given?: AbortSignal,
): Promise<string> {
  const deadline = AbortSignal.timeout(requestDeadlineMs);
  const response = await fetch(url, {
    method,
    signal: given === undefined ? deadline : AbortSignal.any([given, deadline]),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Toxiproxy answered ${method} ${url} with ${response.status}: ${text}`);
  return text;
}
