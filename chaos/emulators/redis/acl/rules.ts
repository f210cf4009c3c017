/** Rules of ACL SETUSER, each of which changes a user a little. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Command, CommandTable } from '../commands/context.ts';
import { categories } from './categories.ts';
import { eachCommand, findCommand, setCommand } from './command-sets.ts';
import { Selector } from './selector.ts';
import { hashPassword, type User } from './users.ts';

const refusals = {
  unknownCommand: 'Unknown command or category name in ACL',
  syntax: 'Syntax error',
  keysAfterAll:
    "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
  channelsAfterAll:
    "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
  noSuchPassword: 'The password you are trying to remove from the user does not exist',
  badHash:
    'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
  firstArgument: 'Allowing first-arg of a subcommand is not supported',
} as const;

/** Why the rule is none; undefined when the user was changed. */
export type Refusal = string | undefined;

export interface RuleSettings {
  readonly commands: CommandTable;
  /** `acl-pubsub-default` */
  readonly newUsersHaveAllChannels: boolean;
}

export function applyRule(user: User, rule: Bytes, settings: RuleSettings): Refusal {
  switch (rule.toLowerCase()) {
    case '':
      return undefined;
    case 'on':
    case 'off':
      user.isEnabled = rule.toLowerCase() === 'on';
      return undefined;
    case 'skip-sanitize-payload':
    case 'sanitize-payload':
      user.sanitizesPayload = rule.toLowerCase() === 'sanitize-payload';
      return undefined;
    case 'nopass':
    case 'resetpass':
      user.needsNoPassword = rule.toLowerCase() === 'nopass';
      user.passwords = [];
      return undefined;
    case 'clearselectors':
      user.selectors = [];
      return undefined;
    case 'reset':
      resetUser(user, settings);
      return undefined;
  }
  if (/^[>#<!]/.test(rule)) return applyPassword(user, rule);
  if (rule.startsWith('(') && rule.endsWith(')')) return addSelector(user, rule.slice(1, -1), settings);
  return applySelectorRule(user.root, rule, settings.commands);
}

function resetUser(user: User, { newUsersHaveAllChannels }: RuleSettings): void {
  user.isEnabled = false;
  user.needsNoPassword = false;
  user.passwords = [];
  user.sanitizesPayload = true;
  user.selectors = [];
  user.root = new Selector();
  user.root.allChannels = newUsersHaveAllChannels;
}

function applyPassword(user: User, rule: Bytes): Refusal {
  const text = rule.slice(1);
  const isHash = rule.startsWith('#') || rule.startsWith('!');
  if (isHash && !/^[0-9a-f]{64}$/.test(text)) return refusals.badHash;
  const hash = isHash ? text : hashPassword(text);
  if (rule.startsWith('>') || rule.startsWith('#')) {
    if (!user.passwords.includes(hash)) user.passwords.push(hash);
    user.needsNoPassword = false;
    return undefined;
  }
  if (!user.passwords.includes(hash)) return refusals.noSuchPassword;
  user.passwords = user.passwords.filter((password) => password !== hash);
  return undefined;
}

function addSelector(user: User, text: Bytes, { commands }: RuleSettings): Refusal {
  const selector = new Selector();
  for (const rule of text.split(' ').filter((word) => word !== '')) {
    const refusal = applySelectorRule(selector, rule, commands);
    if (refusal !== undefined) return refusal;
  }
  user.selectors.push(selector);
  return undefined;
}

function applySelectorRule(selector: Selector, rule: Bytes, commands: CommandTable): Refusal {
  switch (rule.toLowerCase()) {
    case 'allkeys':
    case '~*':
    case 'resetkeys':
      selector.allKeys = rule.toLowerCase() !== 'resetkeys';
      selector.keys = [];
      return undefined;
    case 'allchannels':
    case '&*':
    case 'resetchannels':
      selector.allChannels = rule.toLowerCase() !== 'resetchannels';
      selector.channels = [];
      return undefined;
    case 'allcommands':
    case '+@all':
    case 'nocommands':
    case '-@all':
      selector.beginsWithAll = /^(?:allcommands|\+)/i.test(rule);
      selector.commands = selector.beginsWithAll ? undefined : new Set();
      selector.firstArguments.clear();
      return undefined;
  }
  if (rule.startsWith('~') || rule.startsWith('%')) return addKeyPattern(selector, rule);
  if (rule.startsWith('&')) return addChannel(selector, rule.slice(1));
  if (/^[+-]@/.test(rule)) return applyCategory(selector, rule, commands);
  if (/^[+-]/.test(rule)) return applyCommand(selector, rule, commands);
  return refusals.syntax;
}

function addKeyPattern(selector: Selector, rule: Bytes): Refusal {
  if (selector.allKeys) return refusals.keysAfterAll;
  const found = /^(?:~|%(R|W|RW|WR)~)(.*)$/is.exec(rule);
  if (found === null) return refusals.syntax;
  const [, rights = 'RW', pattern = ''] = found;
  if (hasSpace(pattern)) return refusals.syntax;
  const known = selector.keys.find((other) => other.pattern === pattern);
  const mayRead = /r/i.test(rights) || known?.mayRead === true;
  const mayWrite = /w/i.test(rights) || known?.mayWrite === true;
  const added = { pattern, mayRead, mayWrite };
  selector.keys =
    known === undefined
      ? [...selector.keys, added]
      : selector.keys.map((other) => (other === known ? added : other));
  return undefined;
}

function addChannel(selector: Selector, pattern: Bytes): Refusal {
  if (selector.allChannels) return refusals.channelsAfterAll;
  if (hasSpace(pattern)) return refusals.syntax;
  if (!selector.channels.includes(pattern)) selector.channels.push(pattern);
  return undefined;
}

function applyCategory(selector: Selector, rule: Bytes, commands: CommandTable): Refusal {
  const category = rule.slice(2).toLowerCase();
  if (!categories.includes(category)) return refusals.unknownCommand;
  const isAllowed = rule.startsWith('+');
  const allowed = spelledOut(selector, commands);
  for (const command of eachCommand(commands)) {
    if (command.categories.includes(category)) change(selector, allowed, command, isAllowed);
  }
  return undefined;
}

function applyCommand(selector: Selector, rule: Bytes, commands: CommandTable): Refusal {
  const isAllowed = rule.startsWith('+');
  const name = rule.slice(1).toLowerCase();
  const command = findCommand(commands, name);
  if (command !== undefined) {
    change(selector, spelledOut(selector, commands), command, isAllowed);
    return undefined;
  }
  const bar = name.lastIndexOf('|');
  if (!isAllowed || bar === -1) return refusals.unknownCommand;
  const container = findCommand(commands, name.slice(0, bar));
  if (container === undefined) return refusals.unknownCommand;
  if (container.name.includes('|')) return refusals.firstArgument;
  const argument = name.slice(bar + 1);
  if (argument === '') return refusals.syntax;
  if (container.subcommands !== undefined) return refusals.unknownCommand;
  const words = selector.firstArguments.get(container.name) ?? new Set();
  selector.firstArguments.set(container.name, words.add(argument));
  return undefined;
}

/** The commands that are allowed, one by one, to be changed. */
function spelledOut(selector: Selector, commands: CommandTable): Set<string> {
  selector.commands ??= new Set([...eachCommand(commands)].map(({ name }) => name));
  return selector.commands;
}

function change(selector: Selector, allowed: Set<string>, command: Command, isAllowed: boolean): void {
  setCommand(allowed, command, isAllowed);
  selector.firstArguments.delete(command.name);
}

function hasSpace(text: Bytes): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\s\x00]/.test(text);
}
