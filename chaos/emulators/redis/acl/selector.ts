/** What a user may do: commands, keys and channels that belong together. */
import type { Bytes } from '../bytes/byte-string.ts';
import { matchesGlob } from '../bytes/glob.ts';

export interface KeyPattern {
  readonly pattern: Bytes;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
}

export class Selector {
  /** By their full names; undefined for all there are. */
  commands: Set<string> | undefined = new Set();
  /** Whether rules take from all commands, or add to none. */
  beginsWithAll = false;
  /** Commands that are allowed with these first arguments only. */
  readonly firstArguments = new Map<string, Set<string>>();
  allKeys = false;
  keys: KeyPattern[] = [];
  allChannels = false;
  channels: Bytes[] = [];

  copy(): Selector {
    const made = new Selector();
    made.commands = this.commands === undefined ? undefined : new Set(this.commands);
    made.beginsWithAll = this.beginsWithAll;
    for (const [name, words] of this.firstArguments) made.firstArguments.set(name, new Set(words));
    made.allKeys = this.allKeys;
    made.keys = [...this.keys];
    made.allChannels = this.allChannels;
    made.channels = [...this.channels];
    return made;
  }

  allowsCommand(name: string, firstArgument: Bytes | undefined): boolean {
    if (this.commands === undefined || this.commands.has(name)) return true;
    const words = this.firstArguments.get(name);
    return firstArgument !== undefined && words?.has(firstArgument.toLowerCase()) === true;
  }

  allowsKey(key: Bytes, flags: readonly string[]): boolean {
    if (this.allKeys) return true;
    const reads = flags.includes('access');
    const writes = flags.some((flag) => flag === 'insert' || flag === 'delete' || flag === 'update');
    return this.keys.some(
      ({ pattern, mayRead, mayWrite }) =>
        (!reads || mayRead) && (!writes || mayWrite) && matchesGlob(pattern, key),
    );
  }

  /** A pattern that is subscribed to has to be allowed literally. */
  allowsChannel(channel: Bytes, isPattern: boolean): boolean {
    if (this.allChannels) return true;
    return this.channels.some((pattern) => (isPattern ? pattern === channel : matchesGlob(pattern, channel)));
  }

  describeKeys(): string {
    if (this.allKeys) return '~*';
    return this.keys
      .map(({ pattern, mayRead, mayWrite }) => {
        if (mayRead && mayWrite) return `~${pattern}`;
        return `%${mayRead ? 'R' : ''}${mayWrite ? 'W' : ''}~${pattern}`;
      })
      .join(' ');
  }

  describeChannels(): string {
    return this.allChannels ? '&*' : this.channels.map((pattern) => `&${pattern}`).join(' ');
  }
}
