/** What really happened on each proxy: the proof that a fault had an effect, or that it had none. */
import type { Proxy } from '../proxy/proxy.ts';
import type { Toxic } from '../proxy/toxic.ts';
import type { ConnectionRecord } from '../proxy/traffic.ts';

export interface ProxyCounters {
  readonly name: string;
  readonly enabled: boolean;
  readonly connections: {
    readonly accepted: number;
    readonly open: number;
    readonly unreachedUpstream: number;
    readonly affected: number;
  };
  readonly bytes: { readonly upstream: unknown; readonly downstream: unknown };
  readonly toxics: readonly unknown[];
  readonly faults: readonly unknown[];
}

/** Sums of one proxy, with the toxics and faults removed since. */
export function countersOf(proxy: Proxy): ProxyCounters {
  const { traffic, toxics, faults } = proxy;
  return {
    name: proxy.name,
    enabled: proxy.enabled,
    connections: {
      accepted: traffic.accepted,
      open: traffic.open.size,
      unreachedUpstream: traffic.unreachedUpstream,
      affected: traffic.affected(),
    },
    bytes: { upstream: traffic.bytes('upstream'), downstream: traffic.bytes('downstream') },
    toxics: [
      ...toxics.removed().map((toxic) => toxicCounters(toxic, true)),
      ...toxics.visible().map((toxic) => toxicCounters(toxic, false)),
    ],
    faults: [...faults.removed(), ...faults.all()],
  };
}

/** The same with every open connection and the last thousand closed ones. */
export function detailedCountersOf(
  proxy: Proxy,
): ProxyCounters & { readonly connectionList: readonly ConnectionRecord[] } {
  return { ...countersOf(proxy), connectionList: proxy.traffic.connections() };
}

function toxicCounters(toxic: Toxic, removed: boolean) {
  const { connections, connectionsDrawn, connectionsAffected, effects } = toxic.totals;
  return {
    name: toxic.name,
    type: toxic.kind.type,
    stream: toxic.direction,
    removed,
    connections,
    connectionsDrawn,
    connectionsAffected,
    effects,
  };
}
