/** A capacity report of a system that is known exactly, for tests: every request costs what it costs, and the rest follows by queueing theory. */
import { seededRandom } from '../statistics/random.ts';
import { nameBottleneck } from './bottleneck.ts';
import type { CapacityReport, FaultMode } from './capacity-report.ts';
import { fitGrowth } from './growth.ts';
import { checkLittle } from './little.ts';
import { playerDefaults, writeShareOf } from './player.ts';
import { fitScalability } from './scalability.ts';
import { type Slo, sloRate } from './slo.ts';
import { rateStepsOf, type Step } from './step.ts';
import { type Usl, uslThroughput } from './usl.ts';

export interface SyntheticCapacity {
  readonly seed?: string;
  /** Arrivals a second that can be served. */
  readonly capacityPerSecond?: number;
  readonly usl?: Usl;
  /** What is left of the capacity without Redis. */
  readonly leftWithoutRedis?: number;
  readonly growthExponent?: number;
}

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
    return { name, title, steps, sloRate: rate, evidence: share === 1 ? null : 'felt' };
  };
  const growthPoints = [100, 200, 400, 800].map((size) => ({
    size,
    cost: 1e-4 * size ** growthExponent * jitter(),
  }));
  const loads = (steps: readonly Step[]) => steps.map((step) => ({ ...step, load: step.load.value }));
  return {
    schemaVersion: 1,
    kind: 'capacity',
    id: `synthetic-${seed}`,
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
    player: playerDefaults,
    world: { sessions: 8, generals: 200, cities: 30, nations: 6 },
    processes: { api: 1, 'db-sync': 1 },
    routes: [
      {
        name: 'general',
        title: 'a general by its number',
        steps: closed,
        scalability: fitScalability(points, { random, resamples: 200 }),
        bottleneck: nameBottleneck(loads(closed)),
      },
    ],
    mixes: [
      {
        name: 'players',
        title: 'what players do',
        weights: { general: 0.9, train: 0.1 },
        writeShare: writeShareOf(playerDefaults),
        steps: mixSteps,
        sloRate: sloRate(rateStepsOf(mixSteps, slo), slo, { random, resamples: 200 }),
        bottleneck: nameBottleneck(loads(mixSteps)),
      },
    ],
    demands: (['read', 'write', 'turn'] as const).map((name) => ({
      class: name,
      demands: [
        {
          process: 'api',
          secondsPerRequest: name === 'turn' ? 2e-4 : 1 / capacityPerSecond,
          idleShare: 0.01,
        },
        { process: 'redis', secondsPerRequest: 1e-5, idleShare: 0 },
        { process: 'mongodb', secondsPerRequest: name === 'read' ? 0 : 1e-4, idleShare: 0 },
        { process: 'db-sync', secondsPerRequest: name === 'read' ? 0 : 5e-5, idleShare: 0 },
      ],
    })),
    growth: [
      {
        dimension: 'generals',
        title: 'A turn against the generals of its session',
        unit: 'processor seconds',
        points: growthPoints,
        fit: fitGrowth(growthPoints),
      },
    ],
    faults: [mode('none', 'undisturbed', 1), mode('redis-down', 'Redis away', leftWithoutRedis)],
    recovery: { title: 'Redis away', ratePerSecond: 100, faultMs: 2_000, recoveryMs: 500 },
    drain: { writesPerSecond: 50, heldMs: 2_000, backlog: 100, drainMs: 300 },
    sizes: { memoryBytes: { api: 1e8 }, redisBytesPerGeneral: 600, documentBytesPerGeneral: 900 },
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
    queueLengthMax: 0,
    queueAgeMsMax: 0,
    metrics: { eventLoopLagMsP99: 1, memoryShare: 0.9, redisShare: 0.1, unconfirmedSaves: 0 },
    discarded: null,
  };
}
