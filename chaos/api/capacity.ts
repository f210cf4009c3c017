/** What a target says about its capacity: the requests that are measured, what a user does, and what grows with the target's data. */
import type { GrowthPoint } from '../../reports/capacity/growth.ts';
import type { Random } from '../random.ts';
import type { JsonObject, TargetContext } from './context.ts';

export interface CapacityRequest {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  /** JSON; a request with one gets an Idempotency-Key of its own. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CapacityRoute {
  readonly name: string;
  readonly title: string;
  readonly kind: 'read' | 'write';
  /** One request, drawn from what `seed` returned. It is called in another thread, so it cannot use what `seed` kept in memory. */
  draw(world: JsonObject, random: Random): CapacityRequest;
}

/** What a user of the target does, for plans in users instead of requests. */
export interface UserModel {
  /** Such as `shopper`; reports and plans speak of so many of them. */
  readonly noun: string;
  /** By default the noun with an s. */
  readonly plural?: string;
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
  /** Routes by name with their share of the reads, and of the writes; shares are relative to each other. */
  readonly reads: Readonly<Record<string, number>>;
  readonly writes: Readonly<Record<string, number>>;
  /** Work that the target does by itself for each user, online or not. A growth campaign measures what a unit costs. */
  readonly background?: {
    /** One unit, such as `a cart priced anew`. */
    readonly unit: string;
    readonly perMinute: number;
  };
}

export const mixesOfEveryTarget = ['users', 'reads', 'writes'] as const;

/** A mix of routes beside those that every target has. */
export interface CapacityMix {
  readonly name: string;
  readonly title: string;
  /** Routes by name; weights are relative to each other. */
  readonly weights: Readonly<Record<string, number>>;
}

export interface BacklogState {
  /** Entries that are not drained; null when it cannot be read. */
  readonly length: number | null;
  readonly oldestAgeMs: number | null;
}

/** Work that is recorded at once and done later by a role. */
export interface Backlog {
  /** Its entries, such as `saves`. */
  readonly title: string;
  /** Role that drains it. */
  readonly drainedBy: string;
  /** An oldest entry of this age means that the role does not keep up; 2,000 by default. */
  readonly tooOldMs?: number;
  readonly read: (context: TargetContext) => Promise<BacklogState>;
}

/** Connections that each process keeps to a store of this machine. */
export interface ConnectionPool {
  readonly store: 'mongo' | 'redis';
  readonly roles: readonly string[];
  /** Connections at most, under the settings that the target is measured with. */
  readonly size: (settings: Readonly<Record<string, string>>) => number;
  /** Connections of the same process to the store that are not of the pool. */
  readonly besides?: number;
}

/** Samples of one process by series, with the labels as they were printed: `hits_total{layer="l1"}`. */
export type MetricSamples = Readonly<Record<string, number>>;

/** The target's own figures, which are recorded with each step. */
export interface TargetMetrics {
  /** Path of every serving process that answers in the text format of Prometheus. */
  readonly path: string;
  /** Figures by name, from the samples of each process before and after a step; null for one that is not known. */
  readonly figures: (
    before: readonly MetricSamples[],
    after: readonly MetricSamples[],
  ) => Readonly<Record<string, number | null>>;
}

/** Documents of which each user has some, for the sizes in plans. */
export interface CapacityEntity {
  readonly collection: string;
  readonly perUser: number;
  /** Where one document is cached: the pattern of one kind of key, and how many keys of about its size there are for each document. */
  readonly cached?: { readonly keys: string; readonly keysPerEntity: number };
}

/** What a growth campaign works with: a target that nothing else uses. */
export interface GrowthContext extends TargetContext {
  readonly seed: string;
  /**
   * Runs the work and gives the processor seconds that the processes of the target and its stores spent on it, by role. What the backlog still
   * has to do afterwards counts, unless `untilDrained` is false.
   */
  spent(
    work: () => Promise<void>,
    options?: { readonly untilDrained?: boolean },
  ): Promise<{ readonly seconds: number; readonly byRole: Readonly<Record<string, number>> }>;
  /** Waits until the backlog is empty. */
  drained(): Promise<void>;
  /** In an order drawn from the seed and the label. */
  shuffled<T>(items: readonly T[], label: string): T[];
  note(line: string): void;
}

export interface GrowthMeasurement {
  readonly dimension: string;
  readonly title: string;
  /** Of the cost. */
  readonly unit: string;
  /** At least three sizes, the largest 2.5 times the smallest; repeats are points of their own. */
  readonly points: readonly GrowthPoint[];
  /** True when the size is the number of serving processes and the cost that of one write. */
  readonly broadcast?: boolean;
}

export interface GrowthFindings {
  readonly growth: readonly GrowthMeasurement[];
  /** Processor seconds by role for one unit of background work, under the role that does it in production. */
  readonly background?: Readonly<Record<string, number>>;
}

export interface GrowthCampaign {
  readonly world: JsonObject;
  /** Number of processes by role, over the target's own. */
  readonly processes: Readonly<Record<string, number>>;
  /** Environment over the profile's settings. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly measure: (context: GrowthContext) => Promise<GrowthFindings>;
}

export interface CapacityProfile {
  readonly world: JsonObject;
  /** Number of processes by role, over the target's own. */
  readonly processes?: Readonly<Record<string, number>>;
  /** The role that takes the load; `--processes` sets how many of it run. */
  readonly serving: string;
  /** Environment over the target's settings: those of production where scenarios use others. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly routes: readonly CapacityRoute[];
  /** Routes that are measured when none is named; all by default. */
  readonly routesByDefault?: readonly string[];
  readonly user: UserModel;
  readonly mixes?: readonly CapacityMix[];
  /** Faults under which the capacity is searched again; by default Redis unreachable and Redis slow. Recovery is measured from the first. */
  readonly faults?: readonly {
    readonly name: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  }[];
  readonly backlog?: Backlog;
  readonly pools?: readonly ConnectionPool[];
  readonly metrics?: TargetMetrics;
  readonly entities?: readonly CapacityEntity[];
  /** What has to be known of several processes of a role, for plans. */
  readonly roleNotes?: Readonly<Record<string, string>>;
  readonly growth?: GrowthCampaign;
}
