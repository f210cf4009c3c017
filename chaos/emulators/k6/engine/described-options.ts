/** The options as `exec.test.options` shows them: consolidated, durations in milliseconds as numbers. */
import type { RunState } from './run-state.ts';

export function describeOptions(run: RunState): Readonly<Record<string, unknown>> {
  const { scenarios: _raw, ...options } = run.options;
  return {
    ...options,
    scenarios: Object.fromEntries(run.scenarios.map(({ name, ...scenario }) => [name, scenario])),
    systemTags: [...run.systemTags],
  };
}
