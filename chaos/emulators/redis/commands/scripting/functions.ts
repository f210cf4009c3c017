/** FCALL and FUNCTION. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { matchesGlob } from '../../bytes/glob.ts';
import { showToMonitors } from '../../engine/call.ts';
import { plainError } from '../../errors.ts';
import { encodeRequest } from '../../reply/encode.ts';
import { RequestParser } from '../../protocol/request-parser.ts';
import { map, ok, set, status, type Reply } from '../../reply/reply.ts';
import type { FunctionLibrary } from '../../scripting/function-libraries.ts';
import { runScript } from '../../scripting/run-script.ts';
import { scriptFlags } from '../../scripting/script-flags.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';
import { withFooter, withoutFooter } from '../keys/dump.ts';
import { killScript } from './kill.ts';
import { readKeysAndArguments } from './scripts.ts';

function fcall(context: Context, isReadonly: boolean): Reply {
  const { client, server, words } = context;
  showToMonitors(server, client, words);
  const found = server.functions.find(context.word(1));
  if (found === undefined) throw plainError('Function not found');
  const { keys, args } = readKeysAndArguments(context, 'ERR Bad number of keys provided');
  const { name, callback, flags } = found;
  const { machine } = server.functions;
  return runScript(context, {
    kind: 'function',
    name,
    machine,
    callee: callback,
    flags,
    keys,
    args,
    isReadonly,
  });
}

function load(context: Context): Reply {
  const last = context.words.length - 1;
  let replaces = false;
  for (let at = 2; at < last; at += 1) {
    if (context.option(at) !== 'replace')
      throw plainError(`Unknown option given: ${untilNul(context.word(at))}`);
    replaces = true;
  }
  const library = context.server.functions.load(context.word(last), replaces);
  if ('refusal' in library) throw plainError(library.refusal);
  context.server.dirty += 1;
  return library.name;
}

function list(context: Context): Reply {
  let withCode = false;
  let pattern: Bytes | undefined;
  for (let at = 2; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (!withCode && name === 'withcode') withCode = true;
    else if (pattern === undefined && name === 'libraryname') {
      at += 1;
      pattern = context.words[at];
      if (pattern === undefined) throw plainError('library name argument was not given');
    } else throw plainError(`Unknown argument ${untilNul(context.word(at))}`);
  }
  return context.server.functions.all
    .filter(({ name }) => pattern === undefined || matchesGlob(pattern, name, true))
    .map((library) => describe(library, withCode));
}

function describe({ name, code, functions }: FunctionLibrary, withCode: boolean): Reply {
  const described = [...functions.values()].map((each) =>
    map([
      ['name', each.name],
      ['description', each.description ?? null],
      ['flags', set(scriptFlags.filter((flag) => each.flags.has(flag)).map((flag) => status(flag)))],
    ]),
  );
  return map([
    ['library_name', name],
    ['engine', 'LUA'],
    ['functions', described],
    ...(withCode ? [['library_code', code] as const] : []),
  ]);
}

function stats({ server }: Context): Reply {
  const { functions, script } = server;
  const running =
    script === undefined
      ? null
      : map([
          ['name', script.name],
          ['command', script.words],
          ['duration_ms', Math.floor(server.clock.nowMs() - script.startedAtMs)],
        ]);
  const lua = map([
    ['libraries_count', functions.all.length],
    ['functions_count', functions.functionCount],
  ]);
  return map([
    ['running_script', running],
    ['engines', map([['LUA', lua]])],
  ]);
}

function restore(context: Context): Reply {
  if (context.words.length > 4) throw context.wrongSubcommand();
  const policy = context.words.length === 4 ? context.option(3) : 'append';
  if (policy !== 'append' && policy !== 'replace' && policy !== 'flush') {
    throw plainError('Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.');
  }
  const payload = withoutFooter(context.word(2));
  if (payload === undefined) throw plainError('DUMP payload version or checksum are wrong');
  const codes = readCodes(payload);
  if (codes === undefined) throw plainError('given type is not a function');
  const refusal = context.server.functions.restore(codes, policy);
  if (refusal !== undefined) throw plainError(refusal);
  context.server.dirty += 1;
  return ok;
}

function readCodes(payload: Bytes): readonly Bytes[] | undefined {
  if (payload === '') return [];
  const parser = new RequestParser();
  parser.append(payload);
  const request = parser.next({ bulkBytesMax: Infinity, isUnauthenticated: false });
  if (request.kind !== 'request' || parser.pendingBytes > 0) return undefined;
  const [kind, ...codes] = request.words;
  return kind === 'functions' ? codes : undefined;
}

function flush(context: Context): Reply {
  if (context.words.length > 3) throw context.wrongSubcommand();
  const mode = context.option(2);
  if (context.words.length === 3 && mode !== 'sync' && mode !== 'async') {
    throw plainError('FUNCTION FLUSH only supports SYNC|ASYNC option');
  }
  context.server.functions.clear();
  context.server.dirty += 1;
  return ok;
}

export const functions: Runs = {
  fcall: (context) => fcall(context, false),
  fcall_ro: (context) => fcall(context, true),
  'function|delete': (context) => {
    if (!context.server.functions.delete(context.word(2))) throw plainError('Library not found');
    context.server.dirty += 1;
    return ok;
  },
  'function|dump': ({ server }) => {
    const codes = server.functions.all.map(({ code }) => code);
    return withFooter(codes.length === 0 ? '' : encodeRequest(['functions', ...codes]));
  },
  'function|flush': flush,
  'function|help': () =>
    helpText('FUNCTION', [
      ['DELETE <library name>', 'Removes a library.'],
      ['DUMP', 'All libraries as bytes, for FUNCTION RESTORE.'],
      ['FLUSH [ASYNC|SYNC]', 'Removes all libraries.'],
      ['KILL', 'Ends the function that is running, unless it has written.'],
      ['LIST [LIBRARYNAME pattern] [WITHCODE]', 'The libraries and their functions.'],
      ['LOAD [REPLACE] <code>', 'Adds a library.'],
      ['RESTORE <payload> [FLUSH|APPEND|REPLACE]', 'Adds the libraries of FUNCTION DUMP.'],
      ['STATS', 'The function that is running, and how many there are.'],
    ]),
  'function|kill': (context) => killScript(context, 'function'),
  'function|list': list,
  'function|load': load,
  'function|restore': restore,
  'function|stats': stats,
};
