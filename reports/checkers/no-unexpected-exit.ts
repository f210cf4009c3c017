/** No process of the target ends that was not told to. One that is restarted has failed all the same: its requests and its memory are lost. */
import { type Identity, type Rule, ruleOf } from './checker.ts';

export interface NoUnexpectedExitOptions extends Partial<Identity> {
  /** Roles that are judged; all when absent. */
  readonly roles?: readonly string[];
}

export function noUnexpectedExit(options: NoUnexpectedExitOptions = {}): Rule {
  const { invariant = 'no-unexpected-exit', title = 'No process ends by itself', roles } = options;
  return ruleOf({ invariant, title }, 'always', {}, (_history, { unexpectedExits }) => {
    const own = (unexpectedExits ?? []).filter(
      (exit) => roles === undefined || roles.some((role) => exit.startsWith(`${role}-`)),
    );
    return {
      findings: own.map((exit) => ({
        definite: true,
        witness: () => ({ summary: exit, operations: [], facts: {} }),
      })),
      checked: 'no process ended by itself',
      missing: unexpectedExits === undefined ? 'the run did not record which processes ended' : null,
    };
  });
}
