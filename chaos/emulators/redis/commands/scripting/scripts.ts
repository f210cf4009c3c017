/** EVAL, EVALSHA and SCRIPT. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { showToMonitors } from '../../engine/call.ts';
import { CommandError, messages, plainError } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import { runScript } from '../../scripting/run-script.ts';
import type { CachedScript } from '../../scripting/script-cache.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';
import { killScript } from './kill.ts';

/** Keys and the arguments behind them; `refusal` is for a number that is none. */
export function readKeysAndArguments(
  context: Context,
  refusal?: string,
): { readonly keys: readonly Bytes[]; readonly args: readonly Bytes[] } {
  const count = context.integer(2, refusal);
  if (count > context.words.length - 3)
    throw plainError("Number of keys can't be greater than number of args");
  if (count < 0) throw plainError("Number of keys can't be negative");
  return { keys: context.words.slice(3, 3 + count), args: context.words.slice(3 + count) };
}

function run(context: Context, find: () => CachedScript, isReadonly: boolean): Reply {
  const { client, server, words } = context;
  // The script is shown before the commands that it runs.
  showToMonitors(server, client, words);
  const { keys, args } = readKeysAndArguments(context);
  const { sha, flags, closure } = find();
  const { machine } = server.scripts;
  return runScript(context, {
    kind: 'eval',
    name: sha,
    machine,
    callee: closure,
    flags,
    keys,
    args,
    isReadonly,
  });
}

function loaded({ server }: Context, body: Bytes): CachedScript {
  const script = server.scripts.load(body);
  if ('refusal' in script) throw plainError(script.refusal);
  return script;
}

function cached({ server }: Context, sha: Bytes): CachedScript {
  const script = server.scripts.get(sha);
  if (script === undefined) throw new CommandError(messages.noScript);
  return script;
}

function evalsha(context: Context, isReadonly: boolean): Reply {
  if (context.word(1).length === 40) return run(context, () => cached(context, context.word(1)), isReadonly);
  showToMonitors(context.server, context.client, context.words);
  throw new CommandError(messages.noScript);
}

function flush(context: Context): Reply {
  const mode = context.option(2);
  const isKnown =
    context.words.length === 2 || (context.words.length === 3 && (mode === 'sync' || mode === 'async'));
  if (!isKnown) throw plainError('SCRIPT FLUSH only support SYNC|ASYNC option');
  context.server.scripts.flush();
  return ok;
}

function debug(context: Context): Reply {
  switch (context.option(2)) {
    case 'no':
      return ok;
    case 'yes':
    case 'sync':
      throw plainError('SCRIPT DEBUG is not offered by this emulator; log from the script instead');
    default:
      throw plainError('Use SCRIPT DEBUG YES/SYNC/NO');
  }
}

export const scripts: Runs = {
  eval: (context) => run(context, () => loaded(context, context.word(1)), false),
  eval_ro: (context) => run(context, () => loaded(context, context.word(1)), true),
  evalsha: (context) => evalsha(context, false),
  evalsha_ro: (context) => evalsha(context, true),
  'script|debug': debug,
  'script|exists': ({ server, words }) =>
    words.slice(2).map((sha) => Number(server.scripts.get(sha) !== undefined)),
  'script|flush': flush,
  'script|help': () =>
    helpText('SCRIPT', [
      ['DEBUG (YES|SYNC|NO)', 'Only NO is offered: there is no debugger.'],
      ['EXISTS <sha1> [<sha1> ...]', 'Whether each of the scripts is cached.'],
      ['FLUSH [ASYNC|SYNC]', 'Empties the cache of scripts.'],
      ['KILL', 'Ends the script that is running, unless it has written.'],
      ['LOAD <script>', 'Puts a script into the cache without running it.'],
    ]),
  'script|kill': (context) => killScript(context, 'eval'),
  'script|load': (context) => loaded(context, context.word(2)).sha,
};
