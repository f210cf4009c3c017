/** What the flags of a script mean for the command that runs it. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Command } from '../commands/context.ts';
import type { CommandFlag } from '../commands/declaration.ts';
import type { ServerState } from '../engine/server-state.ts';
import { readScriptHeader, type ScriptFlag } from './script-flags.ts';

/** Flags of the command as checks see it: of a script with a header those that follow from it. */
export function scriptCommandFlags(
  server: ServerState,
  command: Command,
  words: readonly Bytes[],
): ReadonlySet<CommandFlag> {
  if (!command.flags.has('no_mandatory_keys')) return command.flags;
  const declared = declaredFlags(server, command.name, words[1] ?? '');
  if (declared === undefined) return command.flags;
  const flags = new Set(command.flags);
  for (const flag of ['stale', 'denyoom', 'write', 'may_replicate'] as const) flags.delete(flag);
  if (!declared.has('allow-oom') && !declared.has('no-writes')) flags.add('denyoom');
  if (!declared.has('no-writes')) flags.add('write');
  if (declared.has('allow-stale')) flags.add('stale');
  return flags;
}

function declaredFlags(server: ServerState, name: string, word: Bytes): ReadonlySet<ScriptFlag> | undefined {
  if (name.startsWith('fcall')) return server.functions.find(word)?.flags;
  if (name.startsWith('evalsha')) return server.scripts.get(word)?.flags;
  const header = readScriptHeader(word);
  return 'refusal' in header ? undefined : header.flags;
}
