/**
 * A mutant: one mistake in the target, as an edit of its source, to test that the harness catches it. The edit is made when a process loads the
 * module; no file is changed.
 */
import type { JsonObject } from './context.ts';

/** `find` must occur exactly once in the file. */
export interface Edit {
  /** Relative to the target's folder. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Changes to a scenario for the cell of one mutant; what is not named stays as the scenario has it. */
export interface CellVariant {
  readonly durationMs?: number;
  readonly ratePerSecond?: number;
  /** In proportion to the rate when absent. */
  readonly maxVus?: number;
  readonly world?: JsonObject;
  readonly processes?: Readonly<Record<string, number>>;
  /** Environment of the target, over that of the scenario. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds from the start of the load; drawn from the seed when absent. */
  readonly window?: { readonly applyAtMs: number; readonly healAtMs: number };
  /** Parameters of the fault, over those drawn from the seed. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface Mutant {
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The cell that must catch it. */
  readonly scenario: string;
  readonly fault: string;
  /**
   * Invariants that must all be found violated, so that a missing checker is noticed. A threshold is claimed by its metric:
   * `recovery`, `redcliff_unavailable`.
   */
  readonly breaks: readonly string[];
  /** Why nothing that is judged shows the mistake; `breaks` is empty then. Such a mutant runs only when it is named. */
  readonly notJudged?: string;
  /** Name of a set that runs only when it is asked for. */
  readonly set?: string;
  readonly variant?: CellVariant;
}
