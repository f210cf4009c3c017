/** Connects the functions that scripts call with the script that is running: none may be called outside of one. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { LuaFunction } from '../lua/values.ts';
import type { ScriptCalls } from './running-script.ts';
import type { ScriptFlag } from './script-flags.ts';

export type ScriptLogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

export interface FunctionDefinition {
  readonly name: Bytes;
  readonly description: Bytes | undefined;
  readonly flags: ReadonlySet<ScriptFlag>;
  readonly callback: LuaFunction;
}

export class ScriptHost {
  /** Set while a script runs. */
  calls: ScriptCalls | undefined = undefined;
  /** Set while a library is loaded: takes a function, or says why not. */
  register: ((definition: FunctionDefinition) => string | undefined) | undefined = undefined;
  readonly log: (level: ScriptLogLevel, text: Bytes) => void;
  /** `loglevel`; less important lines are not logged. */
  readonly logLevel: () => ScriptLogLevel;

  constructor(log: (level: ScriptLogLevel, text: Bytes) => void, logLevel: () => ScriptLogLevel) {
    this.log = log;
    this.logLevel = logLevel;
  }
}
