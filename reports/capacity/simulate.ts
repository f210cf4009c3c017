/**
 * A queueing network simulated event by event: requests visit single-threaded processes one after the other, each process serves in the order of
 * arrival, and all of them share a number of processors. Seeded, so that the same question has the same answer.
 */
import type { Random } from '../statistics/random.ts';
import { EventQueue, Line } from './event-queue.ts';

export interface Station {
  readonly name: string;
  /** Processes of this kind; a request is given to one of them at random and stays with it. */
  readonly instances: number;
}

export interface RequestClass {
  readonly name: string;
  /** Share of the arrivals. */
  readonly share: number;
  /** In this order; seconds of a processor on average, exponentially distributed. */
  readonly visits: readonly { readonly station: string; readonly seconds: number }[];
  /** On average, without a processor: for a disk, a batch that fills. */
  readonly waitSeconds: number;
}

export interface Network {
  readonly stations: readonly Station[];
  /** Of the one machine that all stations share; null when each process has its own. */
  readonly processors: number | null;
  readonly classes: readonly RequestClass[];
}

export interface Simulated {
  readonly offeredPerSecond: number;
  readonly throughputPerSecond: number;
  readonly meanMs: number;
  /** Latency in milliseconds at a percentile, 0 to 100. */
  readonly latencyMs: (percentile: number) => number;
  /** Share of its time that the mean process of each station was busy. */
  readonly busy: Readonly<Record<string, number>>;
}

interface Instance {
  readonly waiting: Line<Job>;
  serving: Job | null;
  busySeconds: number;
}

function idleInstance(): Instance {
  return { waiting: new Line<Job>(), serving: null, busySeconds: 0 };
}

interface Job {
  readonly class: RequestClass;
  readonly arrivedSeconds: number;
  readonly counted: boolean;
  readonly at: Map<string, Instance>;
  visit: number;
}

/** The start, in which the queues fill, is left out. */
const warmUpShare = 0.2;

export function simulate(
  network: Network,
  {
    ratePerSecond,
    requests,
    random,
  }: { readonly ratePerSecond: number; readonly requests: number; readonly random: Random },
): Simulated {
  return new Simulation(network, random).run(ratePerSecond, requests);
}

class Simulation {
  readonly #network: Network;
  readonly #random: Random;
  readonly #events = new EventQueue<() => void>();
  readonly #instances: ReadonlyMap<string, readonly Instance[]>;
  readonly #ready = new Line<Instance>();
  readonly #latencies: number[] = [];
  #free: number;
  #nowSeconds = 0;
  #lastEndSeconds = 0;

  constructor(network: Network, random: Random) {
    this.#network = network;
    this.#random = random;
    this.#free = network.processors ?? Number.POSITIVE_INFINITY;
    this.#instances = new Map(
      network.stations.map(({ name, instances }) => [name, Array.from({ length: instances }, idleInstance)]),
    );
  }

  run(ratePerSecond: number, requests: number): Simulated {
    let arrivals = 0;
    let firstCountedSeconds = 0;
    const arrive = (): void => {
      const counted = arrivals >= warmUpShare * requests;
      if (counted && firstCountedSeconds === 0) firstCountedSeconds = this.#nowSeconds;
      arrivals += 1;
      this.#enter({
        class: this.#drawClass(),
        arrivedSeconds: this.#nowSeconds,
        counted,
        at: new Map(),
        visit: 0,
      });
      if (arrivals < requests)
        this.#events.add(this.#nowSeconds + this.#exponential(1 / ratePerSecond), arrive);
    };
    this.#events.add(0, arrive);
    for (let next = this.#events.take(); next !== null; next = this.#events.take()) {
      this.#nowSeconds = next.at;
      next.what();
    }
    return this.#result(ratePerSecond, firstCountedSeconds);
  }

  #result(ratePerSecond: number, fromSeconds: number): Simulated {
    const sorted = Float64Array.from(this.#latencies).sort();
    const mean = this.#latencies.reduce((sum, value) => sum + value, 0) / Math.max(1, this.#latencies.length);
    const busy = Object.fromEntries(
      [...this.#instances].map(([name, instances]) => {
        const total = instances.reduce((sum, { busySeconds }) => sum + busySeconds, 0);
        return [name, total / instances.length / Math.max(this.#nowSeconds, Number.MIN_VALUE)];
      }),
    );
    return {
      offeredPerSecond: ratePerSecond,
      throughputPerSecond:
        this.#latencies.length / Math.max(this.#lastEndSeconds - fromSeconds, Number.MIN_VALUE),
      meanMs: 1_000 * mean,
      latencyMs: (percentile) =>
        1_000 * (sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? 0),
      busy,
    };
  }

  #drawClass(): RequestClass {
    let left = this.#random.next();
    const { classes } = this.#network;
    const drawn = classes.find(({ share }) => (left -= share) < 0) ?? classes.at(-1);
    if (drawn === undefined) throw new RangeError('a network needs a class of requests');
    return drawn;
  }

  #exponential(mean: number): number {
    return -Math.log(1 - this.#random.next()) * mean;
  }

  /** To the next visit, or through the wait that needs no processor, and out. */
  #enter(job: Job): void {
    const visit = job.class.visits[job.visit];
    if (visit === undefined) {
      this.#events.add(this.#nowSeconds + this.#exponential(job.class.waitSeconds), () => this.#leave(job));
      return;
    }
    const instance = job.at.get(visit.station) ?? this.#pick(visit.station);
    job.at.set(visit.station, instance);
    instance.waiting.push(job);
    this.#offer(instance);
  }

  #leave(job: Job): void {
    if (!job.counted) return;
    this.#latencies.push(this.#nowSeconds - job.arrivedSeconds);
    this.#lastEndSeconds = this.#nowSeconds;
  }

  #pick(station: string): Instance {
    const instances = this.#instances.get(station) ?? [];
    const picked = instances[this.#random.below(instances.length)];
    if (picked === undefined) throw new RangeError(`there is no station "${station}"`);
    return picked;
  }

  /** A process that has work and is not serving needs a processor. */
  #offer(instance: Instance): void {
    if (instance.serving !== null) return;
    const next = instance.waiting.shift();
    if (next === undefined) return;
    instance.serving = next;
    if (this.#free > 0) this.#serve(instance);
    else this.#ready.push(instance);
  }

  #serve(instance: Instance): void {
    const job = instance.serving;
    if (job === null) return;
    this.#free -= 1;
    const seconds = this.#exponential(job.class.visits[job.visit]?.seconds ?? 0);
    instance.busySeconds += seconds;
    this.#events.add(this.#nowSeconds + seconds, () => {
      this.#free += 1;
      instance.serving = null;
      job.visit += 1;
      const ready = this.#ready.shift();
      if (ready !== undefined) this.#serve(ready);
      this.#enter(job);
      this.#offer(instance);
    });
  }
}
