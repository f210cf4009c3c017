/** A VU: its own instance of the script, and what lives as long as it does. */
import type { HttpAgent } from '../http/agent.ts';
import type { CookieJar } from '../http/cookie-jar.ts';
import type { Script } from '../realm/script-instance.ts';
import type { ScenarioState } from './scenario-state.ts';

export interface VirtualUser {
  /** From 1; 0 for the init code, setup, teardown and handleSummary. */
  readonly id: number;
  readonly agent: HttpAgent;
  script: Script;
  /** Iterations begun over all scenarios, less one: `__ITER`. */
  iteration: number;
  readonly iterationsInScenario: Map<string, number>;
  cookieJar: CookieJar;
  /** The scenario it works for. */
  scenario: ScenarioState | undefined;
  /** Counts the scenarios that it has worked for. */
  activation: number;
  /** The call under way has ended the run itself, by `exec.test.abort()`: it counts as one that came to its end. */
  endedRun: boolean;
}
