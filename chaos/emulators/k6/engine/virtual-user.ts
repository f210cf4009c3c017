/** A VU: its own instance of the script's modules, and what lives as long as it does. */
import type { HttpAgent } from '../http/agent.ts';
import type { CookieJar } from '../http/cookie-jar.ts';
import type { Random } from '../random.ts';
import type { ScriptModule } from '../loader/script-module.ts';
import type { StatusMatcher } from '../http/expected-statuses.ts';

export interface VirtualUser {
  /** From 1; 0 for the init code, setup, teardown and handleSummary. */
  readonly id: number;
  readonly agent: HttpAgent;
  module: ScriptModule;
  /** Iterations begun over all scenarios, less one: `__ITER`. */
  iteration: number;
  readonly iterationsInScenario: Map<string, number>;
  /** Set by the script through `exec.vu.metrics.tags`. */
  tags: Record<string, string>;
  cookieJar: CookieJar;
  responseCallback: StatusMatcher | null;
  environment: Readonly<Record<string, string>>;
  /** What `Math.random` draws from; undefined for the engine's own. */
  random: Random | undefined;
  setupData: { readonly value: unknown } | undefined;
}
