/** Makes VUs: one instance of the script each, loaded one after the other. */
import { RunError } from '../errors.ts';
import { lazily } from '../lazily.ts';
import { createLocalServices } from '../host/local-services.ts';
import { createVuHost } from '../host/vu-host.ts';
import { HttpAgent } from '../http/agent.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import { ScriptRealm } from '../realm/script-realm.ts';
import { InitError, ScriptInstance } from '../realm/script-instance.ts';
import type { ScriptExports, ScriptProgram } from '../realm/script-instance.ts';
import type * as Threaded from '../thread/threaded-script.ts';
import { errorFactsOf } from './error-facts.ts';
import type { RunState } from './run-state.ts';
import type { VirtualUser } from './virtual-user.ts';

const threads = lazily<typeof Threaded>('../thread/threaded-script', import.meta.url);

export interface VuFactory {
  /** Of the script, known once its top-level code has run. */
  readonly exports: ScriptExports;
  /** `label` names its random stream. Throws when the init code does. */
  create(id: number, label: string): Promise<VirtualUser>;
}

/** Runs the top-level code once, to learn the options and what is exported. */
export async function createVuFactory(run: RunState, program: ScriptProgram): Promise<VuFactory> {
  const local = createLocalServices(run.clock);
  const canShare = program.waiting !== 'thread' && program.graph.ownRealm === undefined;
  const shared = canShare ? new ScriptRealm(program.builtins, true) : undefined;
  let last: Promise<unknown> = Promise.resolve();
  const make = async (id: number, label: string): Promise<VirtualUser> => {
    const unfinished: Omit<VirtualUser, 'script'> = {
      activation: 0,
      agent: new HttpAgent(run.clock),
      cookieJar: new CookieJar(),
      endedRun: false,
      id,
      iteration: 0,
      iterationsInScenario: new Map(),
      scenario: undefined,
    };
    const vu = unfinished as VirtualUser;
    const seed = run.seed === undefined ? undefined : `${run.seed}/${label}`;
    try {
      vu.script =
        program.waiting === 'thread'
          ? await threads().ThreadedScript.create(run, vu, program, seed)
          : await inThisThread(vu, seed);
    } catch (error) {
      if (run.end !== undefined) throw run.end;
      if (error instanceof RunError) throw error;
      const facts = error instanceof InitError ? error.facts : errorFactsOf(error);
      throw new RunError('script-exception', run.describeError(facts), { cause: error });
    }
    return vu;
  };
  const inThisThread = async (vu: VirtualUser, seed: string | undefined): Promise<ScriptInstance> => {
    const host = createVuHost(run, vu, {
      entry: program.graph.entry,
      local,
      seed,
      waiting: { kind: program.waiting === 'switch' ? 'switch' : 'none' },
    });
    const realm = shared ?? new ScriptRealm(program.builtins, false);
    const script = await ScriptInstance.create(program, realm, host);
    if (shared === undefined) run.vusByRealm.set(script.promisePrototype, vu);
    return script;
  };
  const first = await make(0, 'init');
  run.files.close();
  return {
    create: (id, label) => {
      const made = last.then(() => make(id, label));
      last = made.catch(() => undefined);
      return made;
    },
    exports: first.script.exports,
  };
}
