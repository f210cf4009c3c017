/** Functions that are global (§5.1 of the manual), without those that read files or print. */
import { untilNul } from '../../bytes/byte-string.ts';
import {
  anyAt,
  functionAt,
  int32At,
  optionalInt32At,
  optionalTextAt,
  tableArgument,
  textAt,
} from '../arguments.ts';
import { compileChunk } from '../compiler.ts';
import { identityText, numberOf, numberText, typeName } from '../conversions.ts';
import { ArgumentFault, LuaSyntaxError, NativeFault, ScriptKilled } from '../errors.ts';
import { LuaError } from '../lua-error.ts';
import { errorText } from '../frame-loop.ts';
import { metamethod, metatableOf } from '../operations.ts';
import {
  LuaTable,
  Closure,
  isTruthy,
  NativeFunction,
  Userdata,
  type Caller,
  type LuaFunction,
  type LuaValue,
} from '../values.ts';
import { addFunctions, type Native } from './library.ts';

/** What collectgarbage tells; memory is not counted. */
const memoryKilobytes = 64;
/** Results that fit on the original's stack. */
const unpackMax = 8000;

export function addBaseLibrary(globals: LuaTable): void {
  globals.set('_G', globals);
  globals.set('_VERSION', 'Lua 5.1');
  addFunctions(globals, functions);
  globals.set('pcall', new NativeFunction('pcall', guardedCall, 'pcall'));
  globals.set('xpcall', new NativeFunction('xpcall', handledCall, 'xpcall'));
  const ipairsStep = new NativeFunction('ipairs_aux', nextItem);
  const next = globals.get('next');
  globals.set('ipairs', new NativeFunction('ipairs', (args) => [ipairsStep, tableArgument(args, 0), 0]));
  globals.set('pairs', new NativeFunction('pairs', (args) => [next, tableArgument(args, 0), undefined]));
}

/** As print shows a value, by its __tostring when it has one. */
export function displayText(value: LuaValue, caller: Caller): LuaValue {
  const handler = metamethod(value, '__tostring', caller);
  if (handler !== undefined) return caller.call(handler, [value])[0];
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'nil';
    default:
      if (value instanceof NativeFunction) return identityText('function', value);
      return identityText(typeName(value), value);
  }
}

const functions: Readonly<Record<string, Native>> = {
  assert: (args) => {
    if (isTruthy(anyAt(args, 0))) return [...args];
    throw new NativeFault(untilNul(optionalTextAt(args, 1, 'assertion failed!')));
  },
  collectgarbage: (args) => {
    const option = optionalTextAt(args, 0, 'collect');
    if (option === 'count') return [memoryKilobytes];
    if (option === 'step') return [true];
    if (['collect', 'stop', 'restart', 'setpause', 'setstepmul'].includes(option)) return [0];
    throw new ArgumentFault(1, `invalid option '${option}'`);
  },
  error: (args, caller) => {
    const level = optionalInt32At(args, 1, 1);
    const [value] = args;
    const isText = typeof value === 'string' || typeof value === 'number';
    throw new LuaError(isText && level > 0 ? caller.where(level) + textAt(args, 0) : value);
  },
  gcinfo: () => [memoryKilobytes],
  getfenv: (args, caller) => {
    const target = functionOrLevel(args, caller, true);
    return [target instanceof Closure ? target.environment : caller.globals];
  },
  getmetatable: (args, caller) => {
    const metatable = metatableOf(anyAt(args, 0), caller);
    return [metatable?.get('__metatable') ?? metatable];
  },
  load: (args, caller) => {
    const reader = functionAt(args, 0);
    const source = optionalTextAt(args, 1, '=(load)');
    let text = '';
    for (;;) {
      const [piece] = caller.call(reader, []);
      if (piece === undefined || piece === '') return loadText(text, source, caller);
      if (typeof piece !== 'string') return [undefined, 'reader function must return a string'];
      text += piece;
    }
  },
  loadstring: (args, caller) => {
    const text = textAt(args, 0);
    return loadText(text, optionalTextAt(args, 1, text), caller);
  },
  newproxy: (args) => {
    const [kind] = args;
    const made = new Userdata();
    if (kind === true) made.metatable = new LuaTable();
    else if (kind instanceof Userdata) made.metatable = kind.metatable;
    else if (isTruthy(kind)) throw new ArgumentFault(1, 'boolean or proxy expected');
    return [made];
  },
  next: (args) => [...(tableArgument(args, 0).next(args[1]) ?? [undefined])],
  rawequal: (args) => [anyAt(args, 0) === anyAt(args, 1)],
  rawget: (args) => {
    const table = tableArgument(args, 0);
    return [table.get(anyAt(args, 1))];
  },
  rawset: (args) => {
    const table = tableArgument(args, 0);
    table.set(anyAt(args, 1), anyAt(args, 2));
    return [table];
  },
  select: (args) => {
    if (args[0] === '#') return [args.length - 1];
    const at = int32At(args, 0);
    const from = at < 0 ? args.length + at : Math.min(at, args.length);
    if (from < 1) throw new ArgumentFault(1, 'index out of range');
    return args.slice(from);
  },
  setfenv: (args, caller) => {
    const environment = tableArgument(args, 1);
    if (args[0] === 0) return [];
    const target = functionOrLevel(args, caller, false);
    if (!(target instanceof Closure)) {
      throw new NativeFault("'setfenv' cannot change environment of given object");
    }
    target.environment = environment;
    return [target];
  },
  setmetatable: (args) => {
    const table = tableArgument(args, 0);
    const [, metatable] = args;
    if (args.length < 2 || (metatable !== undefined && !(metatable instanceof LuaTable))) {
      throw new ArgumentFault(2, 'nil or table expected');
    }
    if (table.metatable?.get('__metatable') !== undefined) {
      throw new NativeFault('cannot change a protected metatable');
    }
    if (table.isReadonly) throw new NativeFault('Attempt to modify a readonly table');
    table.metatable = metatable;
    return [table];
  },
  tonumber: (args) => {
    const base = optionalInt32At(args, 1, 10);
    if (base === 10) {
      const value = anyAt(args, 0);
      if (typeof value === 'number') return [value];
      return [typeof value === 'string' ? numberOf(value) : undefined];
    }
    const text = textAt(args, 0);
    if (base < 2 || base > 36) throw new ArgumentFault(2, 'base out of range');
    return [numberInBase(text, base)];
  },
  tostring: (args, caller) => [displayText(anyAt(args, 0), caller)],
  type: (args) => [typeName(anyAt(args, 0))],
  unpack: (args) => {
    const table = tableArgument(args, 0);
    const from = optionalInt32At(args, 1, 1);
    const to = optionalInt32At(args, 2, table.length());
    if (from > to) return [];
    if (to - from >= unpackMax) throw new NativeFault('too many results to unpack');
    return Array.from({ length: to - from + 1 }, (_, index) => table.get(from + index));
  },
};

function guardedCall(args: readonly LuaValue[], caller: Caller): LuaValue[] {
  return guarded(
    () => caller.call(anyAt(args, 0), args.slice(1)),
    (value) => [errorText(value)],
  );
}

function handledCall(args: readonly LuaValue[], caller: Caller): LuaValue[] {
  const handler = anyAt(args, 1);
  return guarded(
    () => caller.call(args[0], []),
    (value) => caller.call(handler, [value]),
  );
}

function guarded(run: () => LuaValue[], handle: (value: LuaValue) => LuaValue[]): LuaValue[] {
  try {
    return [true, ...run()];
  } catch (thrown) {
    if (thrown instanceof ScriptKilled) throw thrown;
    if (thrown instanceof LuaError) return [false, ...handle(thrown.value)];
    if (thrown instanceof ArgumentFault || !(thrown instanceof Error)) throw thrown;
    return [false, ...handle(thrown.message)];
  }
}

function nextItem(args: readonly LuaValue[]): LuaValue[] {
  const at = int32At(args, 1) + 1;
  const value = tableArgument(args, 0).get(at);
  return value === undefined ? [undefined] : [at, value];
}

function loadText(text: string, source: string, caller: Caller): LuaValue[] {
  // Compiled chunks begin with an escape; running those that were made elsewhere is not offered.
  if (text.startsWith('\x1b')) return [undefined, `${source}: bad header in precompiled chunk`];
  try {
    return [new Closure(compileChunk(text, source), [], caller.globals)];
  } catch (thrown) {
    if (thrown instanceof LuaSyntaxError) return [undefined, thrown.message];
    throw thrown;
  }
}

function functionOrLevel(
  args: readonly LuaValue[],
  caller: Caller,
  isOptional: boolean,
): LuaFunction | undefined {
  const [target] = args;
  if (target instanceof Closure || target instanceof NativeFunction) return target;
  const level = isOptional ? optionalInt32At(args, 0, 1) : int32At(args, 0);
  if (level < 0) throw new ArgumentFault(1, 'level must be non-negative');
  if (level === 0) return undefined;
  const found = caller.functionAt(level);
  if (found === undefined) throw new ArgumentFault(1, 'invalid level');
  return found;
}

/** strtoul: a sign wraps around, a prefix of 0x is taken in base 16. */
function numberInBase(text: string, base: number): number | undefined {
  const found = /^\s*([+-]?)(.*?)\s*$/s.exec(text);
  if (found === null) return undefined;
  const [, sign, rest = ''] = found;
  const digits = base === 16 ? rest.replace(/^0x(?=[0-9a-f])/i, '') : rest;
  if (digits === '') return undefined;
  let value = 0n;
  for (const digit of digits.toLowerCase()) {
    const worth = /[0-9a-z]/.test(digit) ? Number.parseInt(digit, 36) : base;
    if (worth >= base) return undefined;
    value = value * BigInt(base) + BigInt(worth);
  }
  const unsigned = value > 0xffff_ffff_ffff_ffffn ? 0xffff_ffff_ffff_ffffn : value;
  return Number(sign === '-' ? BigInt.asUintN(64, -unsigned) : unsigned);
}
