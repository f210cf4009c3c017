/** What a defect declares: which module of the system it stands in for, and what is claimed to catch it. */
import type { Processes, World } from '../../scenarios/experiment.ts';

export interface Defect {
  /** Name on the command line, and of the file here that holds the wrong module. */
  readonly name: string;
  readonly title: string;
  /** Module that is replaced, relative to `system/`. */
  readonly replaces: string;
  readonly scenario: string;
  readonly outage: string;
  /**
   * Invariants that must be found violated, every one of them, so that a checker that is taken away is missed. `recovery` is the
   * claim that the system does not come back in time.
   */
  readonly breaks: readonly string[];
  /** What the cell that catches it has otherwise than the scenario's own. */
  readonly variant?: CellVariant;
}

/** Changes to a scenario for one cell; what is not named stays as the scenario has it. */
export interface CellVariant {
  readonly durationMs?: number;
  readonly ratePerSecond?: number;
  /** In proportion to the rate when absent. */
  readonly maxVus?: number;
  readonly world?: Partial<World>;
  readonly processes?: Partial<Processes>;
  /** Settings of the system under test, over those of the scenario. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds from the start of the load; drawn from the seed when absent. */
  readonly window?: { readonly applyAtMs: number; readonly healAtMs: number };
  /** Parameters of the fault, over those drawn from the seed. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}
