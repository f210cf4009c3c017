/** What all cells of one command share. */
import type { Clock } from '../clock.ts';
import type { PlannedFault, FaultRecord } from '../../reports/record/report.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack } from '../stack/contract.ts';
import type { K6Program } from './k6-program.ts';

/** `startMs` is an epoch time, and lies ahead: the load generator has to get ready. */
export interface LoadBegun {
  readonly historyFile: string;
  readonly startMs: number;
  readonly durationMs: number;
}

export interface Progress {
  /** A stage of the present cell begins. */
  phase(name: string): void;
  /** The load begins; its history grows in that file from now on. */
  loadBegun?(load: LoadBegun): void;
  applied(fault: PlannedFault): void;
  healed(fault: FaultRecord): void;
}

/** Where there are dozens of cells, whose stages would bury their results. */
export const silentProgress: Progress = {
  phase: () => undefined,
  applied: () => undefined,
  healed: () => undefined,
};

/** Where everything is while a run is held. */
export interface Site {
  readonly stack: Stack;
  readonly apiUrls: readonly string[];
  /** Folder of the cell, with its logs. */
  readonly folder: string;
}

export interface RunContext {
  /** Folder of the whole run. */
  readonly runFolder: string;
  readonly stack: Stack;
  readonly warden: Warden;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Cells that are run at once on this machine; 1 when absent. */
  readonly lanes?: number;
  readonly progress: Progress;
  /** Null for the built-in runtime. */
  readonly k6: K6Program | null;
  /** Name of a planted defect, or null for the system as it is. */
  readonly defect: string | null;
  /** Folder with the system under test, when it is not the one of this checkout. */
  readonly systemFolder?: string;
  /** Called after a fault was applied; the timeline stands still until it resolves, while the load goes on. */
  readonly hold?: (fault: PlannedFault, site: Site) => Promise<void>;
}
