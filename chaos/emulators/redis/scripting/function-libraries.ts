/** Libraries of functions, which outlive restarts as data do. */
import type { Bytes } from '../bytes/byte-string.ts';
import { splitWords } from '../bytes/quote.ts';
import { compileChunk } from '../lua/compiler.ts';
import { LuaSyntaxError } from '../lua/errors.ts';
import { LuaError } from '../lua/lua-error.ts';
import type { ScriptRandom } from '../lua/libraries/mathematics.ts';
import type { Machine } from '../lua/machine.ts';
import { LuaTable, type LuaFunction, type LuaValue } from '../lua/values.ts';
import { functionMachine, type FunctionMachine } from './environment.ts';
import type { ScriptFlag } from './script-flags.ts';
import type { FunctionDefinition, ScriptHost } from './script-host.ts';

export interface LibraryFunction {
  readonly name: Bytes;
  readonly description: Bytes | undefined;
  readonly flags: ReadonlySet<ScriptFlag>;
  readonly callback: LuaFunction;
}

export interface FunctionLibrary {
  readonly name: Bytes;
  readonly code: Bytes;
  readonly functions: ReadonlyMap<Bytes, LibraryFunction>;
}

export type LoadedLibrary = FunctionLibrary | { readonly refusal: string };

/** Loading a library is not to take longer. */
const loadStepsMax = 10_000_000;
const namesRule =
  'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';

export class FunctionLibraries {
  readonly host: ScriptHost;
  readonly #randomness: ScriptRandom;
  #libraries = new Map<Bytes, FunctionLibrary>();
  #machine: FunctionMachine | undefined;

  constructor(host: ScriptHost, randomness: ScriptRandom) {
    this.host = host;
    this.#randomness = randomness;
  }

  get machine(): Machine {
    return this.#created.machine;
  }

  get all(): readonly FunctionLibrary[] {
    return [...this.#libraries.values()];
  }

  get functionCount(): number {
    return this.all.reduce((count, { functions }) => count + functions.size, 0);
  }

  get memoryBytes(): number {
    return this.all.reduce((bytes, { code, functions }) => bytes + code.length + functions.size * 100, 200);
  }

  find(name: Bytes): LibraryFunction | undefined {
    for (const { functions } of this.#libraries.values()) {
      const found = functions.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  has(library: Bytes): boolean {
    return this.#libraries.has(library);
  }

  delete(library: Bytes): boolean {
    return this.#libraries.delete(library);
  }

  clear(): void {
    this.#libraries.clear();
    this.#machine = undefined;
  }

  /** Adds a library; one of the same name only goes when `replaces`. */
  load(code: Bytes, replaces: boolean): LoadedLibrary {
    const metadata = readMetadata(code);
    if ('refusal' in metadata) return metadata;
    const { name, engine, body } = metadata;
    if (!/^\w+$/.test(name)) return { refusal: namesRule };
    if (engine.toLowerCase() !== 'lua') return { refusal: `Engine '${engine}' not found` };
    if (this.#libraries.has(name) && !replaces) return { refusal: `Library '${name}' already exists` };
    const made = this.#run(name, code, body);
    if ('refusal' in made) return made;
    if (made.functions.size === 0) return { refusal: 'No functions registered' };
    for (const functionName of made.functions.keys()) {
      for (const other of this.#libraries.values()) {
        if (other.name === name || !other.functions.has(functionName)) continue;
        return { refusal: `Function ${functionName} already exists` };
      }
    }
    this.#libraries.delete(name);
    this.#libraries.set(name, made);
    return made;
  }

  /** Puts all back when one of them cannot be loaded. */
  restore(codes: readonly Bytes[], policy: 'append' | 'replace' | 'flush'): string | undefined {
    const before = new Map(this.#libraries);
    if (policy === 'flush') this.#libraries.clear();
    for (const code of codes) {
      const loaded = this.load(code, policy === 'replace');
      if (!('refusal' in loaded)) continue;
      this.#libraries = before;
      return loaded.refusal.replace(/^Library '(\w+)' already exists$/, 'Library $1 already exists');
    }
    return undefined;
  }

  get #created(): FunctionMachine {
    this.#machine ??= functionMachine(this.host, this.#randomness);
    return this.#machine;
  }

  #run(name: Bytes, code: Bytes, body: Bytes): LoadedLibrary {
    const { machine, setLoading } = this.#created;
    const functions = new Map<Bytes, LibraryFunction>();
    this.host.register = (definition) => addFunction(functions, definition);
    setLoading(true);
    try {
      machine.begin(machine.closureOf(compileChunk(body, '@user_function')), []);
      machine.stepsLeft = loadStepsMax;
      machine.onStepsExhausted = () => {
        throw new LuaError('FUNCTION LOAD timeout');
      };
      if (machine.proceed().kind === 'interrupted') {
        return { refusal: 'Error registering functions: ERR FUNCTION LOAD timeout' };
      }
      return { name, code, functions };
    } catch (thrown) {
      if (thrown instanceof LuaSyntaxError) return { refusal: `Error compiling function: ${thrown.message}` };
      if (!(thrown instanceof LuaError)) throw thrown;
      return { refusal: `Error registering functions: ${errorMessage(thrown.value)}` };
    } finally {
      setLoading(false);
      this.host.register = undefined;
    }
  }
}

function addFunction(
  functions: Map<Bytes, LibraryFunction>,
  definition: FunctionDefinition,
): string | undefined {
  if (!/^\w+$/.test(definition.name)) return namesRule;
  if (functions.has(definition.name)) return 'Function already exists in the library';
  functions.set(definition.name, definition);
  return undefined;
}

function errorMessage(value: LuaValue): Bytes {
  if (typeof value === 'string' || typeof value === 'number') return `ERR ${value}`;
  const text = value instanceof LuaTable ? value.get('err') : undefined;
  return typeof text === 'string' ? text : '(null)';
}

function readMetadata(
  code: Bytes,
): { readonly name: Bytes; readonly engine: Bytes; readonly body: Bytes } | { readonly refusal: string } {
  if (!code.startsWith('#!')) return { refusal: 'Missing library metadata' };
  const end = code.indexOf('\n');
  if (end === -1) return { refusal: 'Invalid library metadata' };
  const [engine, ...options] = splitWords(code.slice(0, end)) ?? [];
  if (engine === undefined) return { refusal: 'Invalid library metadata' };
  let name: Bytes | undefined;
  for (const option of options) {
    if (!/^name=/i.test(option)) return { refusal: `Invalid metadata value given: ${option}` };
    if (name !== undefined) {
      return { refusal: 'Invalid metadata value, name argument was given multiple times' };
    }
    name = option.slice(5);
  }
  if (name === undefined) return { refusal: 'Library name was not given' };
  return { name, engine: engine.slice(2), body: code.slice(end) };
}
