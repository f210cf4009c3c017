/** Faults of the network between the target and a store: the same table for every store, and both stores lost together. */
import { z } from 'zod';
import {
  type ActiveFault,
  defineFault,
  type Effect,
  type Fault,
  type FaultContext,
  type FaultDefinition,
  type FaultParameters,
  onlyOnce,
  type StoreName,
} from '../api/fault.ts';
import {
  measureRoundTripMs,
  measureTransferMs,
  readTraffic,
  type StoreTraffic,
  storeTitles,
} from './probes.ts';
import { addToxics, switchProxies } from './proxies.ts';
import { repeatUntilHealed } from './repeated.ts';

/** One row of the table: everything but the store. */
interface NetworkFault<Parameters extends FaultParameters> extends Pick<
  FaultDefinition<Parameters>,
  'draw' | 'parameters'
> {
  /** Follows the store's name: `redis-slow`. */
  readonly suffix: string;
  readonly title: (store: string) => string;
  apply(context: FaultContext, store: StoreName, name: string, parameters: Parameters): Promise<ActiveFault>;
}

function networkFault<Parameters extends FaultParameters>(
  store: StoreName,
  row: NetworkFault<Parameters>,
): Fault {
  const name = `${store}-${row.suffix}`;
  return defineFault({
    name,
    title: row.title(storeTitles[store]),
    needs: [],
    breaks: [store],
    proofNeeds: [],
    parameters: row.parameters,
    draw: (random) => row.draw(random),
    apply: (context, parameters) => row.apply(context, store, name, parameters),
  });
}

/** All of them, for one store. */
export function networkFaults(store: StoreName): readonly Fault[] {
  return [
    networkFault(store, bandwidth),
    networkFault(store, down),
    networkFault(store, flap),
    networkFault(store, hang),
    networkFault(store, reset),
    networkFault(store, slow),
  ];
}

const down: NetworkFault<Record<never, never>> = {
  suffix: 'down',
  title: (store) => `${store} unreachable: connections end, new ones are refused`,
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async (context, store) => {
    const before = await readTraffic(context.observer, store);
    const names = context.proxies.to(store);
    await switchProxies(context, names, false);
    return {
      effect: async () => {
        const during = await readTraffic(context.observer, store);
        return {
          observed: before.clients > 0 && during.clients === 0,
          evidence: `${before.clients} connections to ${storeTitles[store]} before, ${during.clients} while it was unreachable`,
          measures: { connectionsBefore: before.clients, connectionsDuring: during.clients },
        };
      },
      heal: onlyOnce(() => switchProxies(context, names, true)),
    };
  },
};

const flap: NetworkFault<{ downMs: number; upMs: number }> = {
  suffix: 'flap',
  title: (store) => `${store} unreachable again and again`,
  parameters: z.strictObject({ downMs: z.int().positive(), upMs: z.int().positive() }),
  draw: (random) => ({ downMs: random.integer(80, 350), upMs: random.integer(80, 350) }),
  apply: async (context, store, _name, { downMs, upMs }) => {
    const { observer, clock, signal } = context;
    const names = context.proxies.to(store);
    let flaps = 0;
    let cut = 0;
    const flapping = repeatUntilHealed(signal, async (stopping) => {
      const before = await readTraffic(observer, store);
      await switchProxies(context, names, false);
      await clock.sleep(downMs, stopping);
      const during = await readTraffic(observer, store);
      flaps += 1;
      cut += Math.max(0, before.clients - during.clients);
      await switchProxies(context, names, true);
      await clock.sleep(upMs, stopping);
    });
    return {
      effect: () => {
        const failure = flapping.failure();
        if (failure !== null) throw failure;
        return Promise.resolve({
          observed: flaps > 0 && cut > 0,
          evidence: `${storeTitles[store]} was unreachable ${flaps} times for ${downMs} ms, and ${cut} connections were cut`,
          measures: { flaps, connectionsCut: cut },
        });
      },
      heal: onlyOnce(async () => {
        await flapping.stop();
        await switchProxies(context, names, true);
      }),
    };
  },
};

/** Between two reads of the counters, until requests that had passed the proxy before have all arrived: a pipeline of hundreds takes a while. */
const settleMs = 50;
const settleReadsMax = 20;

const hang: NetworkFault<Record<never, never>> = {
  suffix: 'hang',
  title: (store) => `${store} accepts connections and never answers`,
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async (context, store, name) => {
    // 0 never closes: silence until the toxic is removed, and then the connection ends.
    const silence = { type: 'timeout', attributes: { timeout: 0 } } as const;
    return await withToxics(
      context,
      store,
      name,
      [
        { ...silence, stream: 'upstream' },
        { ...silence, stream: 'downstream' },
      ],
      async () => {
        const before = await settledTraffic(context, store);
        return async () => {
          const during = await readTraffic(context.observer, store);
          const arrived = during.requests - before.requests;
          return {
            // What was in the sockets' buffers may still arrive: at most one request of each connection.
            observed: before.clients > 0 && before.requests > 0 && arrived <= before.clients,
            evidence: `of ${before.clients} connections that had sent ${before.requests} requests, ${arrived} requests reached ${storeTitles[store]} while it hung`,
            measures: {
              connections: before.clients,
              requestsBefore: before.requests,
              requestsDuring: arrived,
            },
          };
        };
      },
    );
  },
};

const reset: NetworkFault<{ afterMs: number }> = {
  suffix: 'reset',
  title: (store) => `${store} resets connections`,
  parameters: z.strictObject({ afterMs: z.int().nonnegative() }),
  draw: (random) => ({ afterMs: random.pick([0, 0, random.integer(1, 40)]) }),
  apply: async (context, store, name, { afterMs }) => {
    const before = await readTraffic(context.observer, store);
    const toxic = { type: 'reset_peer', stream: 'downstream', attributes: { timeout: afterMs } } as const;
    return await withToxics(context, store, name, [toxic], () =>
      Promise.resolve(async () => {
        const during = await readTraffic(context.observer, store);
        const again = during.connectionsAccepted - before.connectionsAccepted;
        return {
          observed: before.clients > 0 && again > 0,
          evidence: `of ${before.clients} connections to ${storeTitles[store]} all were reset, and ${again} new ones were reset again`,
          measures: { connectionsBefore: before.clients, connectionsMadeAnew: again },
        };
      }),
    );
  },
};

const slow: NetworkFault<{ latencyMs: number; jitterMs: number }> = {
  suffix: 'slow',
  title: (store) => `${store} slow to answer`,
  parameters: z.strictObject({ latencyMs: z.int().positive(), jitterMs: z.int().nonnegative() }),
  draw: (random) => ({ latencyMs: random.integer(40, 120), jitterMs: random.integer(0, 30) }),
  apply: async (context, store, name, { latencyMs, jitterMs }) => {
    const before = await readTraffic(context.observer, store);
    const attributes = { latency: latencyMs, jitter: jitterMs };
    return await withToxics(
      context,
      store,
      name,
      [{ type: 'latency', stream: 'downstream', attributes }],
      () =>
        Promise.resolve(async () => {
          const during = await readTraffic(context.observer, store);
          const uri = context.stack.endpoints[store].proxied;
          const roundTripMs = await measureRoundTripMs(store, uri, context.clock);
          const requests = during.requests - before.requests;
          return {
            observed: roundTripMs >= latencyMs - jitterMs && during.clients > 0 && requests > 0,
            evidence: `a ping through the proxy took ${roundTripMs.toFixed(0)} ms (${latencyMs} ± ${jitterMs} ms asked for), and ${storeTitles[store]} took ${requests} requests on ${during.clients} connections meanwhile`,
            measures: { roundTripMs, requests, connections: during.clients },
          };
        }),
    );
  },
};

const bytesPerKilobyte = 1_024;
/** Time that the probe's transfer takes at the rate asked for. */
const transferProbeMs = 400;
/** Toxiproxy keeps a rate in steps; a little less than the whole time still shows it. */
const shareOfTime = 0.7;

const bandwidth: NetworkFault<{ kilobytesPerSecond: number }> = {
  suffix: 'bandwidth',
  title: (store) => `${store} with limited bandwidth`,
  parameters: z.strictObject({ kilobytesPerSecond: z.int().positive() }),
  draw: (random) => ({ kilobytesPerSecond: random.integer(4, 24) }),
  apply: async (context, store, name, { kilobytesPerSecond }) => {
    const before = await readTraffic(context.observer, store);
    const attributes = { rate: kilobytesPerSecond };
    return await withToxics(
      context,
      store,
      name,
      [{ type: 'bandwidth', stream: 'downstream', attributes }],
      () =>
        Promise.resolve(async () => {
          const during = await readTraffic(context.observer, store);
          const bytes = Math.round((kilobytesPerSecond * bytesPerKilobyte * transferProbeMs) / 1_000);
          const uri = context.stack.endpoints[store].proxied;
          const transferMs = await measureTransferMs(store, uri, bytes, context.clock);
          const requests = during.requests - before.requests;
          return {
            observed: transferMs >= transferProbeMs * shareOfTime && during.clients > 0 && requests > 0,
            evidence: `${bytes} bytes took ${transferMs.toFixed(0)} ms at ${kilobytesPerSecond} kB/s, and ${storeTitles[store]} took ${requests} requests on ${during.clients} connections meanwhile`,
            measures: { bytes, transferMs, requests, connections: during.clients },
          };
        }),
    );
  },
};

/** Redis and MongoDB unreachable together, as when a rack or its network is lost. */
export const allDown = defineFault({
  name: 'all-down',
  title: 'Redis and MongoDB unreachable together',
  needs: [],
  breaks: ['mongo', 'redis'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async (context) => {
    const before = await connectionsOf(context);
    const names = [...context.proxies.to('redis'), ...context.proxies.to('mongo')];
    try {
      await switchProxies(context, names, false);
    } catch (error) {
      await switchProxies(context, names, true);
      throw error;
    }
    return {
      effect: async () => {
        const during = await connectionsOf(context);
        return {
          observed: before.redis > 0 && before.mongo > 0 && during.redis === 0 && during.mongo === 0,
          evidence: `${before.redis} connections to Redis and ${before.mongo} to MongoDB before, ${during.redis} and ${during.mongo} while both were unreachable`,
          measures: {
            redisConnectionsBefore: before.redis,
            redisConnectionsDuring: during.redis,
            mongoConnectionsBefore: before.mongo,
            mongoConnectionsDuring: during.mongo,
          },
        };
      },
      heal: onlyOnce(() => switchProxies(context, names, true)),
    };
  },
});

async function connectionsOf({ observer }: FaultContext): Promise<{ redis: number; mongo: number }> {
  const [redis, mongo] = await Promise.all([observer.redisState(), observer.mongoState()]);
  return { redis: redis.clients, mongo: mongo.clients };
}

/** `measure` is called once the toxics are in force, and gives what observes their effect; when it fails they are removed. */
async function withToxics(
  context: FaultContext,
  store: StoreName,
  name: string,
  toxics: Parameters<typeof addToxics>[3],
  measure: () => Promise<() => Promise<Effect>>,
): Promise<ActiveFault> {
  const heal = await addToxics(context, store, name, toxics);
  try {
    return { effect: await measure(), heal };
  } catch (error) {
    await heal();
    throw error;
  }
}

async function settledTraffic(
  { observer, clock, signal }: FaultContext,
  store: StoreName,
): Promise<StoreTraffic> {
  let traffic = await readTraffic(observer, store);
  for (let reads = 0; reads < settleReadsMax; reads += 1) {
    await clock.sleep(settleMs, signal);
    const next = await readTraffic(observer, store);
    if (next.requests === traffic.requests) return next;
    traffic = next;
  }
  return traffic;
}
