/** One scenario as it runs: when it started, how many iterations it has begun, and how far it is. */
import type { NamedScenario } from '../options/consolidate.ts';

export interface ScenarioState {
  readonly options: NamedScenario;
  /** Whole milliseconds since the epoch, so that scripts can compute intended starts from it without error. */
  startTimeMs: number;
  iterationsStarted: number;
  /** From 0 to 1. */
  progress(): number;
}
