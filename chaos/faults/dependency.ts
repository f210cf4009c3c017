/** Faults of the network to what a target needs beside Redis and MongoDB. Nothing is known of its protocol: the proxies count what they did to whom. */
import { z } from 'zod';
import {
  type ActiveFault,
  defineFault,
  type Effect,
  type Fault,
  type FaultContext,
  onlyOnce,
} from '../api/fault.ts';
import { type ProxyConnections, readCounters } from '../stack/proxies.ts';
import { addToxics, switchProxies, type ToxicSettings } from './proxies.ts';

/** Of all proxies that lead there, together. */
async function readConnections({ proxies }: FaultContext, name: string): Promise<ProxyConnections> {
  const counters = await readCounters(proxies.api);
  const own = proxies.to(name).flatMap((proxy) => counters.get(proxy) ?? []);
  const sum = (field: keyof ProxyConnections): number => own.reduce((total, each) => total + each[field], 0);
  return { accepted: sum('accepted'), affected: sum('affected'), open: sum('open') };
}

/** All of them, for one name in `needs`. */
export function dependencyFaults(name: string): readonly Fault[] {
  const shared = { breaks: [name], proofNeeds: [], needs: ['toxiproxy-extensions'] } as const;
  const down = defineFault({
    ...shared,
    name: `${name}-down`,
    title: `${name} unreachable: connections end, new ones are refused`,
    parameters: z.strictObject({}),
    draw: () => ({}),
    apply: async (context) => {
      const before = await readConnections(context, name);
      const proxies = context.proxies.to(name);
      await switchProxies(context, proxies, false);
      return {
        effect: async () => downEffect(name, before, await readConnections(context, name)),
        heal: onlyOnce(() => switchProxies(context, proxies, true)),
      };
    },
  });
  const hang = defineFault({
    ...shared,
    name: `${name}-hang`,
    title: `${name} accepts connections and never answers`,
    parameters: z.strictObject({}),
    draw: () => ({}),
    apply: (context) => {
      // 0 never closes: silence until the toxic is removed, and then the connection ends.
      const silence = { type: 'timeout', attributes: { timeout: 0 } } as const;
      const toxics = [
        { ...silence, stream: 'upstream' },
        { ...silence, stream: 'downstream' },
      ] as const;
      return withCountedToxics(context, name, `${name}-hang`, toxics);
    },
  });
  const reset = defineFault({
    ...shared,
    name: `${name}-reset`,
    title: `${name} resets connections`,
    parameters: z.strictObject({ afterMs: z.int().nonnegative() }),
    draw: (random) => ({ afterMs: random.pick([0, random.integer(1, 40)]) }),
    apply: (context, { afterMs }) =>
      withCountedToxics(context, name, `${name}-reset`, [
        { type: 'reset_peer', stream: 'downstream', attributes: { timeout: afterMs } },
      ]),
  });
  const slow = defineFault({
    ...shared,
    name: `${name}-slow`,
    title: `${name} answers late`,
    parameters: z.strictObject({ latencyMs: z.int().positive(), jitterMs: z.int().nonnegative() }),
    draw: (random) => ({ latencyMs: random.integer(40, 120), jitterMs: random.integer(0, 30) }),
    apply: (context, { latencyMs, jitterMs }) =>
      withCountedToxics(context, name, `${name}-slow`, [
        { type: 'latency', stream: 'downstream', attributes: { latency: latencyMs, jitter: jitterMs } },
      ]),
  });
  return [down, hang, reset, slow];
}

function downEffect(name: string, before: ProxyConnections, during: ProxyConnections): Effect {
  return {
    observed: before.accepted > 0 && during.open === 0,
    evidence: `${before.accepted} connections to ${name} had been made before, ${before.open} were open; ${during.open} were open while it was unreachable`,
    measures: {
      connectionsMadeBefore: before.accepted,
      connectionsBefore: before.open,
      connectionsDuring: during.open,
    },
  };
}

/** The proxies tell on how many connections a toxic did something. */
async function withCountedToxics(
  context: FaultContext,
  name: string,
  fault: string,
  toxics: readonly ToxicSettings[],
): Promise<ActiveFault> {
  const before = await readConnections(context, name);
  const remove = await addToxics(context, name, fault, toxics);
  return {
    effect: async () => {
      const during = await readConnections(context, name);
      const affected = during.affected - before.affected;
      return {
        observed: affected > 0,
        evidence: `${affected} connections to ${name} were affected; ${before.open} were open before, ${during.accepted - before.accepted} were made meanwhile`,
        measures: { connectionsAffected: affected, connectionsBefore: before.open },
      };
    },
    heal: remove,
  };
}
