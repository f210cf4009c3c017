/** One process is cut off from a store, while all others keep it: half a system that works, which no outage of the store shows. */
import { z } from 'zod';
import {
  type ActiveFault,
  defineFault,
  type Fault,
  type FaultContext,
  onlyOnce,
  type StoreName,
} from '../api/fault.ts';
import { readCounters } from '../stack/proxies.ts';
import { storeTitles } from './probes.ts';
import { switchProxies } from './proxies.ts';

/** Of one role, from each store. */
export function cutOffFaults(role: string): readonly Fault[] {
  return (['mongo', 'redis'] as const).map((store) => cutOff(role, store));
}

function cutOff(role: string, store: StoreName): Fault {
  return defineFault({
    name: `${role}-without-${store}`,
    title: `A process of the role ${role} cut off from ${storeTitles[store]}, while the others keep it`,
    // The proxies of each process count their connections.
    needs: ['toxiproxy-extensions'],
    breaks: [role, store],
    proofNeeds: [],
    parameters: z.strictObject({ victim: z.int().nonnegative() }),
    draw: (random) => ({ victim: random.integer(0, 9) }),
    apply: async (context, { victim }) => {
      const proxy = ownProxy(context, store, role, victim);
      if (proxy === null)
        return notCutOff(`no process of the role ${role} has a proxy of its own to ${storeTitles[store]}`);
      const open = async () => (await readCounters(context.proxies.api)).get(proxy.name)?.open ?? 0;
      const before = await open();
      await switchProxies(context, [proxy.name], false);
      return {
        effect: async () => {
          const during = await open();
          return {
            observed: before > 0 && during === 0,
            evidence: `${proxy.process} had ${before} connections to ${storeTitles[store]} before, and ${during} while it was cut off`,
            measures: { connectionsBefore: before, connectionsDuring: during },
          };
        },
        heal: onlyOnce(() => switchProxies(context, [proxy.name], true)),
      };
    },
  });
}

function notCutOff(evidence: string): ActiveFault {
  return {
    effect: () => Promise.resolve({ observed: false, evidence, measures: {} }),
    heal: () => Promise.resolve(),
  };
}

/** Null where processes share the proxies: to cut one off would be an outage for all. */
function ownProxy(
  { proxies }: FaultContext,
  store: StoreName,
  role: string,
  victim: number,
): { readonly name: string; readonly process: string } | null {
  const own = proxies.to(store, role).flatMap((name) => {
    const process = proxies.processOf(name);
    return process === null ? [] : [{ name, process }];
  });
  return own[victim % own.length] ?? null;
}
