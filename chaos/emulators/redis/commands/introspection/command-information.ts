/** COMMAND: what clients want to know of commands. */
import { findCommand } from '../../acl/command-sets.ts';
import { categories } from '../../acl/categories.ts';
import { eachCommand } from '../../acl/command-sets.ts';
import { matchesGlob } from '../../bytes/glob.ts';
import { hasWrongArity } from '../../engine/checks.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { map, set, status, type Reply } from '../../reply/reply.ts';
import type { Command, Context } from '../context.ts';
import { commandFlags, legacyRange, type KeySpec } from '../declaration.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';
import { keysOfCall } from './get-keys.ts';

/** The others are for the server's own use. */
const shownFlags = commandFlags.filter((flag) => flag !== 'may_replicate');

function informationOn(command: Command): Reply {
  const [first, last, step] = legacyRange(command.keys);
  return [
    command.name,
    command.arity,
    set(shownFlags.filter((flag) => command.flags.has(flag)).map((flag) => status(flag))),
    first,
    last,
    step,
    set(categories.filter((each) => command.categories.includes(each)).map((each) => status(`@${each}`))),
    set(command.tips),
    set(command.keys.map(describeKeys)),
    command.subcommands === undefined ? set([]) : [...command.subcommands.values()].map(informationOn),
  ];
}

function describeKeys({ flags, begin, find }: KeySpec): Reply {
  return map([
    ['flags', set(flags.map((flag) => status(flag)))],
    [
      'begin_search',
      map([
        ['type', begin.kind],
        ['spec', describeBegin(begin)],
      ]),
    ],
    [
      'find_keys',
      map([
        ['type', find.kind === 'count' ? 'keynum' : find.kind],
        ['spec', describeFind(find)],
      ]),
    ],
  ]);
}

function describeBegin(begin: KeySpec['begin']): Reply {
  switch (begin.kind) {
    case 'index':
      return map([['index', begin.index]]);
    case 'keyword':
      return map([
        ['keyword', begin.keyword],
        ['startfrom', begin.startFrom],
      ]);
    case 'unknown':
      return map([]);
  }
}

function describeFind(find: KeySpec['find']): Reply {
  switch (find.kind) {
    case 'range':
      return map([
        ['lastkey', find.last],
        ['keystep', find.step],
        ['limit', find.limit],
      ]);
    case 'count':
      return map([
        ['keynumidx', 0],
        ['firstkey', 1],
        ['keystep', 1],
      ]);
    case 'unknown':
      return map([]);
  }
}

function documentationOf({ group, since, subcommands }: Command): Reply {
  const inner = [...(subcommands?.values() ?? [])].map((each) => [each.name, documentationOf(each)] as const);
  return map([
    ['since', since],
    ['group', group],
    ...(inner.length === 0 ? [] : [['subcommands', map(inner)] as const]),
  ]);
}

/** By names such as `get` and `config|get`; all containers and plain commands without a name. */
function chosen({ commands, words }: Context): (Command | undefined)[] {
  if (words.length <= 2) return [...commands.all.values()];
  return words.slice(2).map((name) => findCommand(commands, name.toLowerCase()));
}

function docs(context: Context): Reply {
  const found = chosen(context).filter((command) => command !== undefined);
  return map(found.map((command) => [command.name, documentationOf(command)]));
}

function getKeys(context: Context, withFlags: boolean): Reply {
  const words = context.words.slice(2);
  const command = context.commands.find(words);
  if (command === undefined) throw plainError('Invalid command specified');
  if (!command.keys.some(({ flags }) => !flags.includes('not_key'))) {
    throw plainError('The command has no key arguments');
  }
  if (hasWrongArity(command, words)) {
    throw plainError('Invalid number of arguments specified for command');
  }
  const keys = keysOfCall(command, words) ?? [];
  if (keys.length === 0 && !command.flags.has('no_mandatory_keys')) {
    throw plainError('Invalid arguments specified for command');
  }
  return keys.map(({ flags, position }) => {
    const key = words[position] ?? '';
    return withFlags ? [key, set(flags.map((flag) => status(flag)))] : key;
  });
}

function list(context: Context): Reply {
  const all = [...eachCommand(context.commands)];
  if (context.words.length === 2) return all.map(({ name }) => name);
  if (context.words.length !== 5 || context.option(2) !== 'filterby') throw syntaxError();
  const wanted = context.option(4);
  const filters: Readonly<Record<string, (command: Command) => boolean>> = {
    module: () => false,
    aclcat: (command) => command.categories.includes(wanted),
    pattern: ({ name }) => matchesGlob(context.word(4), name, true),
  };
  const filter = filters[context.option(3)];
  if (filter === undefined) throw syntaxError();
  return all.filter(filter).map(({ name }) => name);
}

export const commandInformation: Runs = {
  command: ({ commands }) => [...commands.all.values()].map(informationOn),
  'command|count': ({ commands }) => commands.all.size,
  'command|docs': docs,
  'command|getkeys': (context) => getKeys(context, false),
  'command|getkeysandflags': (context) => getKeys(context, true),
  'command|help': () =>
    helpText('COMMAND', [
      ['(no subcommand)', 'What there is to know of all commands.'],
      ['COUNT', 'How many commands there are.'],
      ['DOCS [<command-name> ...]', 'Group and version of commands.'],
      ['GETKEYS <full-command>', 'The keys in a call.'],
      ['GETKEYSANDFLAGS <full-command>', 'The keys in a call, and what is done with them.'],
      ['INFO [<command-name> ...]', 'What there is to know of these commands.'],
      ['LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]', 'Names of commands.'],
    ]),
  'command|info': (context) =>
    chosen(context).map((command) => (command === undefined ? null : informationOn(command))),
  'command|list': list,
};
