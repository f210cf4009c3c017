/** Whether a user may run a command with these words. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Command } from '../commands/context.ts';
import { keyPositions } from '../commands/declaration.ts';
import type { Selector } from './selector.ts';
import type { User } from './users.ts';

export type Denial =
  | { readonly reason: 'command'; readonly object: Bytes }
  | { readonly reason: 'key' | 'channel'; readonly object: Bytes };

const severity = { command: 0, key: 1, channel: 2 } as const;

/** Undefined when it is allowed; else what came closest to being allowed. */
export function denialFor(user: User, command: Command, words: readonly Bytes[]): Denial | undefined {
  let worst: Denial = { reason: 'command', object: command.name };
  for (const selector of [user.root, ...user.selectors]) {
    const denial = denialBy(selector, command, words);
    if (denial === undefined) return undefined;
    if (severity[denial.reason] > severity[worst.reason]) worst = denial;
  }
  return worst;
}

function denialBy(selector: Selector, command: Command, words: readonly Bytes[]): Denial | undefined {
  const firstArgument = words[command.name.includes('|') ? 2 : 1];
  if (!command.flags.has('no_auth') && !selector.allowsCommand(command.name, firstArgument)) {
    return { reason: 'command', object: command.name };
  }
  if (!selector.allKeys) {
    for (const spec of command.keys) {
      if (spec.flags.includes('not_key')) continue;
      for (const position of keyPositions(spec, words) ?? []) {
        const key = words[position] ?? '';
        if (!selector.allowsKey(key, spec.flags)) return { reason: 'key', object: key };
      }
    }
  }
  if (selector.allChannels) return undefined;
  for (const channel of channelsOf(command.name, words)) {
    const isPattern = command.name === 'psubscribe';
    if (!selector.allowsChannel(channel, isPattern)) return { reason: 'channel', object: channel };
  }
  return undefined;
}

/** Channels that a command publishes to or subscribes to. */
function channelsOf(name: string, words: readonly Bytes[]): readonly Bytes[] {
  switch (name) {
    case 'publish':
    case 'spublish':
      return words.slice(1, 2);
    case 'subscribe':
    case 'psubscribe':
    case 'ssubscribe':
      return words.slice(1);
    default:
      return [];
  }
}
