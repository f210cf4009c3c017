/** What a cell needs to run, and the progress that it reports. */
import type { FaultRecord } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import type { PlannedInjection } from '../faults/timeline.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Stack } from '../stack/contract.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import type { K6Program } from './k6-program.ts';

/** What the cells of one worker share. */
export interface CellContext {
  readonly target: LoadedTarget;
  readonly stack: Stack;
  readonly reaper: Reaper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Null for the built-in runtime. */
  readonly k6: K6Program | null;
  /** Cells that run at once on this machine. */
  readonly workers: number;
  readonly progress: CellProgress;
  /** Another folder than the target's own to start it from, such as an older version. */
  readonly targetFolder?: string;
  /** Called after a fault was applied; the timeline pauses until it resolves, while the load goes on. */
  readonly hold?: (planned: PlannedInjection, site: Site) => Promise<void>;
}

/** The same with the folder of one cell. */
export interface CellHost extends CellContext {
  readonly folder: string;
}

/** `startMs` is an epoch time, and lies ahead: the load generator has to get ready. */
export interface LoadBegun {
  readonly historyFile: string;
  readonly startMs: number;
  readonly durationMs: number;
}

export interface CellProgress {
  /** A stage of the present cell begins. */
  phase(name: string): void;
  /** The load begins; its history grows in that file from now on. */
  loadBegun?(load: LoadBegun): void;
  applied(planned: PlannedInjection): void;
  healed(fault: FaultRecord): void;
}

/** For work whose cells are too many to tell of their stages. */
export const silentProgress: CellProgress = {
  phase: () => undefined,
  applied: () => undefined,
  healed: () => undefined,
};

/** Addresses and folders while a timeline is paused. */
export interface Site {
  readonly stack: Stack;
  readonly baseUrls: readonly string[];
  /** Folder of the cell, with its logs. */
  readonly folder: string;
}
