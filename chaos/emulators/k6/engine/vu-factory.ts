/** Makes VUs: one instance of the script each, loaded one after the other. */
import { RunError } from '../errors.ts';
import { HttpAgent } from '../http/agent.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import { defaultExpectedStatuses } from '../http/expected-statuses.ts';
import type { ScriptLoader } from '../loader/module-hooks.ts';
import { describeException } from './report-exception.ts';
import type { RunState } from './run-state.ts';
import { runIn, ScriptContext } from './script-context.ts';
import type { VirtualUser } from './virtual-user.ts';

export interface VuFactory {
  /** `label` names its random stream. Throws when the init code does. */
  create(id: number, label: string): Promise<VirtualUser>;
}

export function createVuFactory(run: RunState, loader: ScriptLoader): VuFactory {
  let last: Promise<unknown> = Promise.resolve();
  const make = async (id: number, label: string): Promise<VirtualUser> => {
    const vu: VirtualUser = {
      agent: new HttpAgent(run.clock),
      cookieJar: new CookieJar(),
      environment: run.environment,
      id,
      iteration: 0,
      iterationsInScenario: new Map(),
      module: {},
      random: run.random?.fork(label),
      responseCallback: defaultExpectedStatuses,
      setupData: undefined,
      tags: {},
    };
    const context = new ScriptContext(run, vu, 'init');
    try {
      vu.module = await runIn(context, () => loader.instantiate());
    } catch (error) {
      if (run.end !== undefined) throw run.end;
      if (error instanceof RunError) throw error;
      throw new RunError('script-exception', describeException(error), { cause: error });
    }
    return vu;
  };
  return {
    create: (id, label) => {
      const made = last.then(() => make(id, label));
      last = made.catch(() => undefined);
      return made;
    },
  };
}
