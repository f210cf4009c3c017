/** Runs the body of a test; what it throws ends the run with that reason, unless it was ended already. */
import { messageOf, RunError } from '../errors.ts';
import type { RunState } from './run-state.ts';

export async function attempt(run: RunState, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    run.abort(
      error instanceof RunError
        ? error
        : new RunError('script-exception', messageOf(error), { cause: error }),
    );
  }
}
