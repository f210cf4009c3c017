/** Users and selectors as they are written in a configuration. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { CommandTable } from '../commands/context.ts';
import { describeCommands } from './describe-commands.ts';
import type { Selector } from './selector.ts';
import type { User } from './users.ts';

export function describeUser(user: User, commands: CommandTable): Bytes {
  const passwords = user.passwords.map((password) => `#${password}`);
  const selectors = user.selectors.map((selector) => `(${describeSelector(selector, commands)})`);
  return [...user.flags(), ...passwords, describeSelector(user.root, commands), ...selectors].join(' ');
}

function describeSelector(selector: Selector, commands: CommandTable): Bytes {
  const channels = selector.allChannels ? '&*' : `resetchannels ${selector.describeChannels()}`.trim();
  return [selector.describeKeys(), channels, describeCommands(selector, commands)]
    .filter((part) => part !== '')
    .join(' ');
}
