/** What a target runs on: a stack, a reaper that ends what is left, a clock. */
import type { Clock } from '../clock.ts';
import type { Observer } from '../observe/observer.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Stack } from '../stack/contract.ts';

export interface TargetHost {
  readonly stack: Stack;
  readonly observer: Observer;
  readonly reaper: Reaper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Folder that takes the log of each process. */
  readonly logFolder: string;
  /** Options for every Node.js process of the target, such as a hook that edits its source. */
  readonly nodeOptions: readonly string[];
  /** Folder in which Node.js processes note which operation of a client caused which command; not noted when absent. */
  readonly tiesFolder?: string;
  /** Another folder than the target's own to start it from, such as an older version. */
  readonly folder?: string;
}
