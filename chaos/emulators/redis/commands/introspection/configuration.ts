/** CONFIG. */
import { untilNul } from '../../bytes/byte-string.ts';
import { matchesGlob } from '../../bytes/glob.ts';
import { optionsByName } from '../../config/option.ts';
import { applyConfiguration } from '../../engine/apply-configuration.ts';
import { messageOf, plainError, syntaxError } from '../../errors.ts';
import { map, ok, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';

/** Options whose values are not to be seen in logs. */
const secrets = new Set([
  'requirepass',
  'masterauth',
  'masteruser',
  'tls-key-file-pass',
  'tls-client-key-file-pass',
]);

function get({ server, words }: Context): Reply {
  const found = new Map<string, string>();
  for (const pattern of words.slice(2)) {
    const isPattern = /[[*?]/.test(pattern);
    const names = isPattern
      ? [...optionsByName.keys()].filter((name) => matchesGlob(pattern, name, true))
      : [pattern];
    for (const name of names) {
      const option = optionsByName.get(name.toLowerCase());
      if (option !== undefined) found.set(name, server.configuration.text(option.name));
    }
  }
  return map([...found]);
}

function set(context: Context): Reply {
  const { hidden, server, words } = context;
  if (words.length % 2 === 1) throw syntaxError();
  const pairs: (readonly [string, string])[] = [];
  for (let at = 2; at < words.length; at += 2) {
    pairs.push([context.word(at), context.word(at + 1)]);
    if (secrets.has(context.option(at))) hidden.add(at + 1);
  }
  const before = pairs.map(
    ([name]) =>
      [name, server.configuration.text(optionsByName.get(name.toLowerCase())?.name ?? 'save')] as const,
  );
  const change = server.configuration.change(pairs, 'run');
  switch (change.kind) {
    case 'unknown':
      throw plainError(`Unknown option or number of arguments for CONFIG SET - '${untilNul(change.name)}'`);
    case 'refused':
      throw refused(change.name, change.reason);
    case 'done':
      break;
  }
  try {
    applyConfiguration(server, change.changed);
  } catch (thrown) {
    server.configuration.change(before, 'start');
    server.log('warning', `CONFIG SET: ${messageOf(thrown)}`);
    throw refused([...change.changed].join(', '), 'it could not be put into effect. Check server logs.');
  }
  return ok;
}

function refused(name: string, reason: string): Error {
  return plainError(`CONFIG SET failed (possibly related to argument '${name}') - ${reason}`);
}

export const configurationCommands: Runs = {
  'config|get': get,
  'config|help': () =>
    helpText('CONFIG', [
      ['GET <pattern> [<pattern> ...]', 'Options that match, and their values.'],
      ['RESETSTAT', 'Sets the counters of INFO to zero.'],
      ['REWRITE', 'Refused: there is no configuration file.'],
      ['SET <option> <value> [<option> <value> ...]', 'Changes options, all of them or none.'],
    ]),
  'config|resetstat': ({ server }) => {
    server.resetStatistics();
    return ok;
  },
  'config|rewrite': () => {
    throw plainError('The server is running without a config file');
  },
  'config|set': set,
};
