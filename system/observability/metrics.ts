/** What an operator watches: counters and gauges for Prometheus. Parts get the small interface they need, not the registry. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PoolMetrics } from '../database/watch-pool.ts';
import type { BreakerState } from '../redis/circuit-breaker.ts';

export interface CacheMetrics {
  hit(layer: 'l1' | 'l2'): void;
  load(): void;
  damaged(): void;
  l2Failed(): void;
  fillRefused(): void;
  /** Deletions this process owes Redis at the moment. */
  owed(keys: number): void;
}

export interface SaveMetrics {
  /** How a save became durable, or why it did not. */
  saved(path: 'direct' | 'queue', outcome: string): void;
  unconfirmed(saves: number): void;
}

export interface Metrics {
  readonly registry: Registry;
  readonly cache: CacheMetrics;
  readonly save: SaveMetrics;
  readonly database: PoolMetrics;
  breaker(state: BreakerState): void;
  request(route: string, method: string, status: number, seconds: number): void;
  turn(outcome: string, seconds: number): void;
}

const breakerNumbers: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

export function createMetrics(): Metrics {
  const registry = new Registry();
  // Includes the delay of the event loop, which tells overload before anything else does.
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `opensam_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `opensam_${name}`, help, registers });
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name: `opensam_${name}`, help, labelNames, buckets, registers });

  // Counted in plain numbers: reads count themselves millions of times a second, and metrics are scraped once a minute.
  const hits = { l1: 0, l2: 0 };
  new Counter({
    name: 'opensam_cache_hits_total',
    help: 'Reads answered by a cache layer',
    labelNames: ['layer'],
    registers,
    collect() {
      this.reset();
      this.inc({ layer: 'l1' }, hits.l1);
      this.inc({ layer: 'l2' }, hits.l2);
    },
  });
  const pool = { open: 0, inUse: 0 };
  const told = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `opensam_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  told('mongodb_connections_open', 'Connections of this process to MongoDB', () => pool.open);
  told('mongodb_connections_in_use', 'Those of them that an operation has at the moment', () => pool.inUse);
  const loads = counter('cache_loads_total', 'Reads that asked the database');
  const damaged = counter('cache_damaged_total', 'Values in Redis that could not be read back');
  const l2Failures = counter('cache_l2_failures_total', 'Calls to Redis by the cache that failed');
  const refused = counter('cache_fills_refused_total', 'Loads that were overtaken by a change');
  const owed = gauge('cache_owed_deletions', 'Keys whose deletion this process owes Redis');
  const saves = counter('saves_total', 'Saves by path and outcome', ['path', 'outcome']);
  const unconfirmed = gauge('saves_unconfirmed', 'Saves that wait for the database');
  const breaker = gauge('redis_breaker_state', 'Circuit breaker of Redis: 0 closed, 1 half-open, 2 open');
  const requests = histogram(
    'http_request_seconds',
    'Duration of requests',
    ['route', 'method', 'status'],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
  );
  const turns = histogram(
    'turn_seconds',
    'Duration of turns',
    ['outcome'],
    [0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60],
  );

  return {
    registry,
    cache: {
      hit: (layer) => {
        hits[layer] += 1;
      },
      load: () => loads.inc(),
      damaged: () => damaged.inc(),
      l2Failed: () => l2Failures.inc(),
      fillRefused: () => refused.inc(),
      owed: (keys) => owed.set(keys),
    },
    save: {
      saved: (path, outcome) => saves.inc({ path, outcome }),
      unconfirmed: (count) => unconfirmed.set(count),
    },
    database: {
      connections: (open, inUse) => {
        pool.open += open;
        pool.inUse += inUse;
      },
    },
    breaker: (state) => breaker.set(breakerNumbers[state]),
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    turn: (outcome, seconds) => turns.observe({ outcome }, seconds),
  };
}
