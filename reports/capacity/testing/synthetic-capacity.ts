/** A capacity report of a target that is known exactly, for tests: the cost of every request is given, and the rest follows by queueing theory. */
import { seededRandom } from '../../statistics/random.ts';
import { nameBottleneck } from '../bottleneck.ts';
import { type CapacityReport, capacitySchemaVersion, type FaultMode } from '../capacity-report.ts';
import { fitGrowth } from '../growth.ts';
import { fitScalability } from '../scalability.ts';
import { type Slo, sloRate } from '../slo.ts';
import { checkLittle, rateStepsOf, type Step } from '../step.ts';
import { type User, writeShareOf } from '../user.ts';
import { type Usl, uslThroughput } from '../usl.ts';

export interface SyntheticCapacity {
  readonly seed?: string;
  /** Arrivals a second that can be served. */
  readonly capacityPerSecond?: number;
  readonly usl?: Usl;
  /** What is left of the capacity without Redis. */
  readonly leftWithoutRedis?: number;
  readonly growthExponent?: number;
}

export const syntheticUser: User = {
  noun: 'shopper',
  plural: 'shoppers',
  readsPerMinute: 20,
  writesPerMinute: 2,
  onlineShare: 1,
  background: { unit: 'a cart priced anew', perMinute: 1 },
};

const slo: Slo = { percentile: 99, latencyMs: 200, errorShare: 0.001 };
const noise = 0.02;

export function syntheticCapacity(options: SyntheticCapacity = {}): CapacityReport {
  const {
    seed = 'synthetic',
    capacityPerSecond = 1_000,
    growthExponent = 1,
    leftWithoutRedis = 0.5,
  } = options;
  const { usl = { lambda: 800, sigma: 0.05, kappa: 0.0005 } } = options;
  const random = seededRandom(seed);
  const jitter = (): number => Math.exp(noise * (2 * random.next() - 1));
  const mixSteps = openSteps(capacityPerSecond, jitter);
  const closed = [1, 2, 4, 8, 16, 32, 64].flatMap((connections) =>
    [1, 2].map((repeat) => {
      const throughput = uslThroughput(usl, connections) * jitter();
      return stepOf('closed', connections, repeat, throughput, (1_000 * connections) / throughput);
    }),
  );
  const points = closed.map(({ load, throughputPerSecond }) => ({
    concurrency: load.value,
    throughput: throughputPerSecond,
  }));
  const mode = (name: string, title: string, share: number): FaultMode => {
    const steps = openSteps(share * capacityPerSecond, jitter);
    const rate = sloRate(rateStepsOf(steps, slo), slo, { random, resamples: 100 });
    return {
      name,
      title,
      steps,
      sloRate: rate,
      evidence: share === 1 ? null : '12 connections before, 0 while it was unreachable',
    };
  };
  const growthPoints = [100, 200, 400, 800].map((size) => ({
    size,
    cost: 1e-4 * size ** growthExponent * jitter(),
  }));
  const loads = (steps: readonly Step[]) => steps.map((step) => ({ ...step, load: step.load.value }));
  return {
    schemaVersion: capacitySchemaVersion,
    kind: 'capacity',
    id: `synthetic-${seed}`,
    target: 'shop',
    command: 'npm run redcliff -- capacity',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:06:00.000Z',
    seed,
    commit: 'synthetic',
    machine: { platform: 'linux x64', cpuModel: 'synthetic', cpus: 2, memoryBytes: 2 ** 33, priority: 0 },
    provider: {
      name: 'local',
      redis: { kind: 'real', program: 'redis-server', version: '7' },
      mongo: { kind: 'embedded', program: 'mongod', version: '7' },
      toxiproxy: { kind: 'embedded', program: 'toxiproxy', version: '2' },
      k6: { kind: 'embedded', program: 'k6', version: '1' },
    },
    versions: {},
    slo,
    user: syntheticUser,
    world: { shops: 8, carts: 200 },
    serving: 'api',
    roles: {
      api: { processes: 1, connections: 20, note: '' },
      pricer: { processes: 0, connections: 20, note: 'one shop at a time' },
      writer: { processes: 1, connections: 20, note: '' },
    },
    settings: {},
    routes: [
      {
        name: 'cart',
        title: 'a cart by its number',
        steps: closed,
        scalability: fitScalability(points, { random, resamples: 200 }),
        bottleneck: nameBottleneck(loads(closed)),
      },
    ],
    mixes: [
      {
        name: 'users',
        title: 'what shoppers do',
        ofUsers: true,
        weights: { cart: 0.9, add: 0.1 },
        writeShare: writeShareOf(syntheticUser),
        steps: mixSteps,
        sloRate: sloRate(rateStepsOf(mixSteps, slo), slo, { random, resamples: 200 }),
        bottleneck: nameBottleneck(loads(mixSteps)),
      },
    ],
    demands: (['read', 'write', 'background'] as const).map((name) => ({
      class: name,
      demands: [
        name === 'background'
          ? { process: 'pricer', secondsPerRequest: 2e-4, idleShare: 0 }
          : { process: 'api', secondsPerRequest: 1 / capacityPerSecond, idleShare: 0.01 },
        { process: 'redis', secondsPerRequest: 1e-5, idleShare: 0 },
        { process: 'mongodb', secondsPerRequest: name === 'read' ? 0 : 1e-4, idleShare: 0 },
        { process: 'writer', secondsPerRequest: name === 'read' ? 0 : 5e-5, idleShare: 0 },
      ],
    })),
    growth: [
      {
        dimension: 'carts',
        title: 'A price change against the carts of its shop',
        unit: 'processor seconds',
        broadcast: false,
        points: growthPoints,
        fit: fitGrowth(growthPoints),
      },
    ],
    faults: [mode('none', 'undisturbed', 1), mode('redis-down', 'redis-down', leftWithoutRedis)],
    recovery: { title: 'redis-down', ratePerSecond: 100, faultMs: 2_000, recoveryMs: 500 },
    drain: { title: 'orders', writesPerSecond: 50, pausedMs: 2_000, backlog: 100, drainMs: 300 },
    sizes: {
      memoryBytes: { api: 1e8 },
      entities: [{ collection: 'carts', perUser: 1, documentBytes: 900, cachedBytes: 1_200 }],
    },
    notes: [],
  };
}

/** One server with exponential times, as in queueing theory: the mean is s / (1 − ρ), and the 99th percentile ln 100 times that. */
function openSteps(capacityPerSecond: number, jitter: () => number): Step[] {
  return [0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.1].flatMap((share) =>
    [1, 2].map((repeat) => {
      const rate = Math.round(share * capacityPerSecond);
      const meanMs = share < 1 ? (1_000 / capacityPerSecond / (1 - share)) * jitter() : 1_500;
      return stepOf('open', rate, repeat, Math.min(rate, capacityPerSecond) * jitter() ** 0.1, meanMs, share);
    }),
  );
}

function stepOf(
  kind: 'closed' | 'open',
  value: number,
  repeat: number,
  throughput: number,
  meanMs: number,
  busy = 1,
): Step {
  const at = (part: number) => -Math.log(1 - part) * meanMs;
  return {
    load: { kind, value },
    repeat,
    startedMs: 0,
    window: { fromMs: 200, toMs: 2_000, steady: true },
    requests: Math.round(1.8 * (kind === 'open' ? value : throughput)),
    throughputPerSecond: throughput,
    errorShare: 0,
    latencyMs: {
      mean: meanMs,
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      p999: at(0.999),
      max: at(0.9999),
    },
    little: checkLittle(throughput, meanMs, (throughput * meanMs) / 1_000),
    generator: { cpuShare: 0, loopShare: 0.1, loopDelayMsP99: 1, sentLateMsP99: 1 },
    utilisations: [
      { resource: 'event loop of api-1', kind: 'event-loop', value: Math.min(1, busy), detail: '' },
    ],
    busy: { api: Math.min(1, busy) },
    othersShare: 0,
    backlogLengthMax: 0,
    backlogAgeMsMax: 0,
    metrics: { 'share from memory': 0.9 },
    discarded: null,
  };
}
