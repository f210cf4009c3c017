/** A machine with the libraries that Redis loads for scripts. */
import { addBaseLibrary } from './libraries/base.ts';
import { bitLibrary } from './libraries/bits.ts';
import { coroutineLibrary } from './libraries/coroutines.ts';
import { jsonLibrary } from './libraries/json.ts';
import { mathLibrary, type ScriptRandom } from './libraries/mathematics.ts';
import { messagePackLibrary } from './libraries/message-pack.ts';
import { stringLibrary } from './libraries/strings.ts';
import { structLibrary } from './libraries/struct.ts';
import { tableLibrary } from './libraries/tables.ts';
import { Machine } from './machine.ts';

export function newMachine(randomness: ScriptRandom): Machine {
  const machine = new Machine();
  const { globals, stringMetatable } = machine;
  addBaseLibrary(globals);
  const strings = stringLibrary();
  stringMetatable.set('__index', strings);
  globals.set('coroutine', coroutineLibrary(machine));
  globals.set('table', tableLibrary());
  globals.set('string', strings);
  globals.set('math', mathLibrary(randomness));
  globals.set('cjson', jsonLibrary());
  globals.set('struct', structLibrary());
  globals.set('cmsgpack', messagePackLibrary());
  globals.set('bit', bitLibrary());
  return machine;
}
