/** Which words of a call are keys, and what is done with them: by the declaration of the command, or by its words where that is not enough. */
import type { Bytes } from '../../bytes/byte-string.ts';
import type { Command } from '../context.ts';
import { keyPositions } from '../declaration.ts';

export interface CalledKey {
  readonly position: number;
  readonly flags: readonly string[];
}

/** Undefined when the words do not fit the command. */
export function keysOfCall(command: Command, words: readonly Bytes[]): readonly CalledKey[] | undefined {
  const special = specialCases[command.name];
  if (special !== undefined) return special(words);
  const keys: CalledKey[] = [];
  for (const spec of command.keys) {
    if (spec.flags.includes('not_key')) continue;
    const positions = keyPositions(spec, words);
    if (positions === undefined) return undefined;
    // Scripts alone may be called without keys where their number is given.
    if (positions.length === 0 && spec.find.kind === 'count' && command.group !== 'scripting')
      return undefined;
    keys.push(...positions.map((position) => ({ position, flags: spec.flags })));
  }
  return keys;
}

const readFlags = ['RO', 'access'];
const updateFlags = ['RW', 'access', 'update'];
const overwriteFlags = ['OW', 'update'];

const specialCases: Readonly<Record<string, (words: readonly Bytes[]) => CalledKey[] | undefined>> = {
  set: (words) => {
    const gets = words.slice(3).some((word) => word.toLowerCase() === 'get');
    return [{ position: 1, flags: gets ? updateFlags : overwriteFlags }];
  },
  bitfield: (words) => [{ position: 1, flags: onlyReads(words) ? readFlags : updateFlags }],
  sort: sortKeys,
  sort_ro: sortKeys,
  migrate: migrateKeys,
};

function onlyReads(words: readonly Bytes[]): boolean {
  let at = 2;
  while (at < words.length) {
    const name = words[at]?.toLowerCase();
    if (name === 'get' && at + 2 < words.length) at += 3;
    else if (name === 'overflow' && at + 1 < words.length) at += 2;
    else return false;
  }
  return true;
}

function sortKeys(words: readonly Bytes[]): CalledKey[] {
  const skipped: Readonly<Record<string, number>> = { limit: 2, get: 1, by: 1 };
  let target: number | undefined;
  for (let at = 2; at < words.length; at += 1) {
    const name = words[at]?.toLowerCase() ?? '';
    if (name === 'store' && at + 1 < words.length) target = at + 1;
    at += skipped[name] ?? 0;
  }
  const source = { position: 1, flags: readFlags };
  return target === undefined ? [source] : [source, { position: target, flags: overwriteFlags }];
}

function migrateKeys(words: readonly Bytes[]): CalledKey[] | undefined {
  const flags = ['RW', 'access', 'delete'];
  const skipped: Readonly<Record<string, number>> = { auth: 1, auth2: 2 };
  for (let at = 6; at < words.length; at += 1) {
    const name = words[at]?.toLowerCase() ?? '';
    if (name === 'keys') {
      if (words[3] !== '') return undefined;
      return words.slice(at + 1).map((_, index) => ({ position: at + 1 + index, flags }));
    }
    at += skipped[name] ?? 0;
  }
  return [{ position: 3, flags }];
}
