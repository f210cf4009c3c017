/** Machines for scripts and for functions: the libraries, and globals that no script can change. */
import type { ScriptRandom } from '../lua/libraries/mathematics.ts';
import { toText } from '../lua/conversions.ts';
import { NativeFault } from '../lua/errors.ts';
import type { Machine } from '../lua/machine.ts';
import { newMachine } from '../lua/standard-libraries.ts';
import { LuaTable, NativeFunction, type LuaValue } from '../lua/values.ts';
import { loadingLibrary, redisLibrary } from './redis-library.ts';
import type { ScriptHost } from './script-host.ts';

/** For EVAL: KEYS and ARGV are set in its globals before each run. */
export function scriptMachine(host: ScriptHost, randomness: ScriptRandom): Machine {
  const machine = newMachine(randomness);
  machine.globals.set('redis', redisLibrary(host, true));
  machine.globals.metatable = refusingMetatable();
  protect(machine.globals);
  return machine;
}

export interface FunctionMachine {
  readonly machine: Machine;
  /** What functions see as their globals changes for as long as a library is loaded. */
  setLoading(isLoading: boolean): void;
}

/** For FCALL: functions look globals up behind an empty table that they share. */
export function functionMachine(host: ScriptHost, randomness: ScriptRandom): FunctionMachine {
  const machine = newMachine(randomness);
  const globals = new LuaTable();
  for (
    let entry = machine.globals.next(undefined);
    entry !== undefined;
    entry = machine.globals.next(entry[0])
  ) {
    globals.set(entry[0], entry[1]);
    machine.globals.set(entry[0], undefined);
  }
  globals.set('redis', redisLibrary(host, false));
  globals.metatable = refusingMetatable();
  protect(globals);
  const loadingGlobals = new LuaTable();
  const library = loadingLibrary(host);
  library.metatable = refusingMetatable();
  loadingGlobals.set('redis', library);
  loadingGlobals.metatable = refusingMetatable();
  protect(loadingGlobals);
  const metatable = new LuaTable();
  metatable.set('__index', globals);
  metatable.isReadonly = true;
  machine.globals.metatable = metatable;
  machine.globals.isReadonly = true;
  return {
    machine,
    setLoading: (isLoading) => metatable.setRaw('__index', isLoading ? loadingGlobals : globals),
  };
}

function refusingMetatable(): LuaTable {
  const metatable = new LuaTable();
  metatable.set('__index', new NativeFunction('refuse', refuseGlobal));
  return metatable;
}

function refuseGlobal(args: readonly LuaValue[]): never {
  const name = toText(args[1]);
  if (name === undefined) {
    throw new NativeFault('Second argument to luaProtectedTableError must be a string or number');
  }
  throw new NativeFault(`Script attempted to access nonexistent global variable '${name}'`);
}

/** Everything that can be reached from the table becomes read-only. */
function protect(table: LuaTable): void {
  if (table.isReadonly) return;
  table.isReadonly = true;
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    const [, value] = entry;
    if (value instanceof LuaTable) protect(value);
  }
  if (table.metatable !== undefined) protect(table.metatable);
}
