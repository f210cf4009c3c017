/** What a target says about its capacity: the requests that are measured, how they are mixed, and what grows with its data. */
import type { Growth } from '../../reports/capacity/capacity-report.ts';
import type { Random } from '../random.ts';
import type { JsonObject, TargetContext } from './context.ts';

export interface CapacityRequest {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  /** JSON; with one the request gets an Idempotency-Key of its own. */
  readonly body?: string;
}

export interface CapacityRoute {
  readonly name: string;
  readonly title: string;
  readonly kind: 'read' | 'write';
  /** One request, drawn from what `seed` returned. */
  draw(world: JsonObject, random: Random): CapacityRequest;
}

export interface CapacityMix {
  readonly name: string;
  readonly title: string;
  /** Routes by name with their share of the reads or of the writes. */
  readonly reads: Readonly<Record<string, number>>;
  readonly writes: Readonly<Record<string, number>>;
  /** Share of writes among all requests; null: as a user of the target does. */
  readonly writeShare: number | null;
}

/** What a user of the target does, for plans in users instead of requests. */
export interface UserModel {
  /** Such as `player`; plans speak of so many of them. */
  readonly noun: string;
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
}

/** Work that is written down at once and done later by a role. */
export interface Backlog {
  readonly title: string;
  /** Role that drains it. */
  readonly drainedBy: string;
  /** Entries not yet drained; null when it cannot be read. */
  readonly read: (
    context: TargetContext,
  ) => Promise<{ readonly length: number | null; readonly oldestAgeMs: number | null }>;
}

/** What a growth campaign works with: a target that nothing else uses. */
export interface GrowthContext extends TargetContext {
  readonly seed: string;
  /** Runs the work and gives the processor seconds that the target's processes and stores spent on it, by role. */
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

export interface GrowthFindings {
  readonly growth: Growth[];
  /** Processor seconds by role for one unit of background work. */
  readonly background: Readonly<Record<string, number>>;
}

export interface GrowthCampaign {
  readonly world: JsonObject;
  /** Roles of which as many processes run as the machine is measured with. */
  readonly roles: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly measure: (context: GrowthContext) => Promise<GrowthFindings>;
}

export interface CapacityProfile {
  readonly world: JsonObject;
  readonly processes: Readonly<Record<string, number>>;
  /** The role that takes the load and is counted with `--processes`. */
  readonly serving: string;
  /** Settings of production, where scenarios shorten them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly routes: readonly CapacityRoute[];
  readonly mixes: readonly CapacityMix[];
  /** Of what is measured when nothing is named. */
  readonly byDefault: { readonly routes: readonly string[]; readonly mixes: readonly string[] };
  readonly user: UserModel;
  readonly backlog?: Backlog;
  readonly growth?: GrowthCampaign;
}
