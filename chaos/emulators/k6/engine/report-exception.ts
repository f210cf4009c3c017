/** What becomes of an exception that a script did not catch: a line in the log; the run goes on, as in k6. */
import type { ErrorFacts } from '../api/host.ts';
import type { RunState } from './run-state.ts';
import type { VirtualUser } from './virtual-user.ts';

export function reportScriptError(
  run: RunState,
  vu: VirtualUser | undefined,
  error: ErrorFacts,
  prefix = '',
): void {
  const fields: Record<string, string> = { source: 'stacktrace' };
  const options = vu?.scenario?.options;
  if (options !== undefined) {
    fields['executor'] = options.executor;
    fields['scenario'] = options.name;
  }
  run.log.report('error', `${prefix}${run.describeError(error)}`, fields);
}
