/** The table `redis` of scripts and functions. */
import { createHash } from 'node:crypto';
import { bufferOf, type Bytes } from '../bytes/byte-string.ts';
import { toNumber, toText } from '../lua/conversions.ts';
import { LuaError } from '../lua/lua-error.ts';
import { addFunctions, type Native } from '../lua/libraries/library.ts';
import { LuaTable, isFunction, type LuaValue } from '../lua/values.ts';
import { isError } from '../reply/reply.ts';
import { luaFromReply, plainErrorTable, wordsFromLua } from './lua-values.ts';
import type { ScriptCalls } from './running-script.ts';
import { scriptFlags, type ScriptFlag } from './script-flags.ts';
import type { FunctionDefinition, ScriptHost, ScriptLogLevel } from './script-host.ts';

export const redisVersion = '7.0.15';
const redisVersionNumber = 0x0007_000f;
const logLevels: readonly ScriptLogLevel[] = ['debug', 'verbose', 'notice', 'warning'];

/** With the functions for debugging that EVAL has too. */
export function redisLibrary(host: ScriptHost, isForEval: boolean): LuaTable {
  const library = new LuaTable();
  addFunctions(library, {
    call: (args) => [invoke(host, args, true)],
    pcall: (args) => [invoke(host, args, false)],
  });
  addLogging(library, host);
  addFunctions(library, {
    setresp: (args) => {
      const calls = running(host, 'redis.setresp');
      if (args.length !== 1) throw raised('redis.setresp() requires one argument.');
      const protocol = toNumber(args[0]);
      if (protocol !== 2 && protocol !== 3) throw raised('RESP version must be 2 or 3.');
      calls.setProtocol(protocol);
      return [];
    },
    sha1hex: (args) => {
      if (args.length !== 1) throw raised('wrong number of arguments');
      return [sha1Hex(toText(args[0]) ?? '')];
    },
    error_reply: (args) => {
      const [text] = args;
      if (args.length !== 1 || typeof text !== 'string') {
        return [plainErrorTable('wrong number or type of arguments')];
      }
      return [plainErrorTable(text.startsWith('-') ? text : `-${text}`)];
    },
    status_reply: (args) => {
      const [text] = args;
      if (args.length !== 1 || typeof text !== 'string') {
        return [plainErrorTable('wrong number or type of arguments')];
      }
      const table = new LuaTable();
      table.set('ok', text);
      return [table];
    },
    set_repl: (args) => {
      const calls = running(host, 'redis.set_repl');
      if (args.length !== 1) throw raised('redis.set_repl() requires two arguments.');
      const flags = Math.trunc(toNumber(args[0]) ?? 0);
      if ((flags & ~3) !== 0) {
        throw raised('Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.');
      }
      calls.setPropagates((flags & 1) !== 0);
      return [];
    },
  });
  library.set('REPL_NONE', 0);
  library.set('REPL_AOF', 1);
  library.set('REPL_SLAVE', 2);
  library.set('REPL_REPLICA', 2);
  library.set('REPL_ALL', 3);
  addFunctions(library, {
    acl_check_cmd: (args) => {
      const calls = running(host, 'redis.acl_check_cmd');
      const isAllowed = calls.mayRun(wordsOf(args));
      if (isAllowed === undefined) throw raised('Invalid command passed to redis.acl_check_cmd()');
      return [isAllowed];
    },
  });
  if (isForEval) {
    addFunctions(library, {
      breakpoint: () => [false],
      debug: () => [],
      replicate_commands: () => [true],
    });
  }
  return library;
}

/** What a library sees of it while it is loaded. */
export function loadingLibrary(host: ScriptHost): LuaTable {
  const library = new LuaTable();
  addFunctions(library, {
    register_function: (args) => {
      const { register } = host;
      if (register === undefined) {
        throw raised('redis.register_function can only be called on FUNCTION LOAD command');
      }
      const refusal = register(definitionOf(args));
      if (refusal !== undefined) throw raised(refusal);
      return [];
    },
  });
  addLogging(library, host);
  return library;
}

/** An error as redis.call raises it. */
export function raised(text: Bytes): LuaError {
  return new LuaError(plainErrorTable(text));
}

export function sha1Hex(text: Bytes): Bytes {
  return createHash('sha1').update(bufferOf(text)).digest('hex');
}

function addLogging(library: LuaTable, host: ScriptHost): void {
  const log: Native = (args) => {
    if (args.length < 2) throw raised('redis.log() requires two arguments or more.');
    const number = toNumber(args[0]);
    if (number === undefined) throw raised('First argument must be a number (log level).');
    const level = logLevels[Math.trunc(number)];
    if (level === undefined) throw raised('Invalid debug level.');
    if (logLevels.indexOf(level) < logLevels.indexOf(host.logLevel())) return [];
    const texts = args
      .slice(1)
      .map(toText)
      .filter((text) => text !== undefined);
    host.log(level, texts.join(' '));
    return [];
  };
  addFunctions(library, { log });
  logLevels.forEach((level, index) => library.set(`LOG_${level.toUpperCase()}`, index));
  library.set('REDIS_VERSION_NUM', redisVersionNumber);
  library.set('REDIS_VERSION', redisVersion);
}

function running(host: ScriptHost, name: string): ScriptCalls {
  if (host.calls === undefined) throw raised(`${name} can only be called inside a script invocation`);
  return host.calls;
}

function wordsOf(args: readonly LuaValue[]): Bytes[] {
  if (args.length === 0) throw raised('Please specify at least one argument for this redis lib call');
  const words = wordsFromLua(args);
  if (words === undefined) throw raised('Lua redis lib command arguments must be strings or integers');
  return words;
}

function invoke(host: ScriptHost, args: readonly LuaValue[], raises: boolean): LuaValue {
  const calls = running(host, 'redis.call/pcall');
  let words: Bytes[];
  try {
    words = wordsOf(args);
  } catch (thrown) {
    if (raises || !(thrown instanceof LuaError)) throw thrown;
    return thrown.value;
  }
  const reply = calls.call(words);
  const value = luaFromReply(reply, calls.protocol);
  if (raises && isError(reply)) throw new LuaError(value);
  return value;
}

function definitionOf(args: readonly LuaValue[]): FunctionDefinition {
  const [first, second] = args;
  if (args.length < 1 || args.length > 2)
    throw raised('wrong number of arguments to redis.register_function');
  if (args.length === 1) return namedDefinition(first);
  const name = toText(first);
  if (name === undefined) throw raised('first argument to redis.register_function must be a string');
  if (!isFunction(second)) throw raised('second argument to redis.register_function must be a function');
  return { name, description: undefined, flags: new Set(), callback: second };
}

function namedDefinition(table: LuaValue): FunctionDefinition {
  if (!(table instanceof LuaTable)) {
    throw raised(
      'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
    );
  }
  const found: { -readonly [K in keyof FunctionDefinition]?: FunctionDefinition[K] } = {};
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    const [key, value] = entry;
    const name = toText(key);
    if (name === undefined) {
      throw raised('named argument key given to redis.register_function is not a string');
    }
    takeNamedArgument(found, name.toLowerCase(), value);
  }
  const { name, callback } = found;
  if (name === undefined) throw raised('redis.register_function must get a function name argument');
  if (callback === undefined) throw raised('redis.register_function must get a callback argument');
  return { name, callback, description: found.description, flags: found.flags ?? new Set() };
}

function takeNamedArgument(
  found: { -readonly [K in keyof FunctionDefinition]?: FunctionDefinition[K] },
  name: string,
  value: LuaValue,
): void {
  switch (name) {
    case 'function_name':
      found.name = textArgument(name, value);
      return;
    case 'description':
      found.description = textArgument(name, value);
      return;
    case 'callback':
      if (!isFunction(value)) {
        throw raised('callback argument given to redis.register_function must be a function');
      }
      found.callback = value;
      return;
    case 'flags':
      found.flags = flagsArgument(value);
      return;
    default:
      throw raised('unknown argument given to redis.register_function');
  }
}

function textArgument(name: string, value: LuaValue): Bytes {
  const text = toText(value);
  if (text === undefined) throw raised(`${name} argument given to redis.register_function must be a string`);
  return text;
}

function flagsArgument(value: LuaValue): ReadonlySet<ScriptFlag> {
  if (!(value instanceof LuaTable)) {
    throw raised('flags argument to redis.register_function must be a table representing function flags');
  }
  const flags = new Set<ScriptFlag>();
  for (let index = 1; ; index += 1) {
    const item = value.get(index);
    if (item === undefined) return flags;
    const flag = scriptFlags.find((each) => each === toText(item)?.toLowerCase());
    if (flag === undefined) throw raised('unknown flag given');
    flags.add(flag);
  }
}
