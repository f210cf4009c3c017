/** What a scenario declares beside its k6 script: the load, the world, the processes, the faults it runs under and what must hold. */
import type { Checker } from '../../reports/checkers/checker.ts';
import type { JsonObject } from './context.ts';
import type { Phase } from './k6/phases.ts';

export const suiteNames = ['ci', 'full', 'smoke', 'soak'] as const;
export type SuiteName = (typeof suiteNames)[number];

export { phases as phaseNames, type Phase as PhaseName } from './k6/phases.ts';

/** The largest share of operations that may go unserved, by fault; `default` for the others, `none` for the undisturbed run. */
export type ErrorRates = Readonly<Record<string, number>>;

/**
 * Load as the script needs it. `ratePerSecond` is the arrival rate of the script's main scenario; `maxVus` bounds the clients that wait at once:
 * rate × (request deadline + client's timeout), so that no arrival is dropped.
 */
export interface Load {
  readonly durationMs: number;
  readonly ratePerSecond: number;
  readonly maxVus: number;
}

/** Names of faults, in the order in which they run. The undisturbed run comes first in every suite but `smoke`. */
export interface FaultSelection {
  /** What runs when no suite is named. */
  readonly short: readonly string[];
  /** Further ones of the suite `ci`. */
  readonly ci?: readonly string[];
  /** Faults at single calls that the suite `full` has beside all those that break a part: the scenario makes these calls. */
  readonly full?: readonly string[];
  /** All of the suite `smoke`; `none` may be one of them. */
  readonly smoke?: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The k6 script, relative to the configuration file. */
  readonly script: string;
  /** Handed to the target's `seed`. Numbers in it are sizes, which shrinking makes smaller. */
  readonly world: JsonObject;
  /** Number of processes by role; roles not named have the target's own count. */
  readonly processes: Readonly<Record<string, number>>;
  readonly load: Load;
  /** Environment of the target's processes, over the target's own settings. */
  readonly settings: Readonly<Record<string, string>>;
  readonly faults: FaultSelection;
  /** Milliseconds of load under faults that take longer than others. */
  readonly durationMsUnder?: Readonly<Record<string, number>>;
  /** False for one that runs only when it, a fault or a suite is asked for. */
  readonly byDefault?: boolean;
  readonly invariants: readonly Checker[];
  readonly maxErrorRate: ErrorRates;
  /** The same within a phase of the load, for the phases that have a limit of their own. The fault lasts as planned; what takes longer to heal counts as recovery. */
  readonly maxErrorRateInPhase?: Readonly<Partial<Record<Phase, ErrorRates>>>;
}

/** The cell without any fault. */
export const noFault = 'none';
