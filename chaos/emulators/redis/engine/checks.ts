/** Conditions of commands that clients and scripts are refused by alike. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Command } from '../commands/context.ts';
import type { ServerState } from './server-state.ts';

export function hasWrongArity(command: Command, words: readonly Bytes[]): boolean {
  return command.arity > 0 ? words.length !== command.arity : words.length < -command.arity;
}

/** `min-replicas-to-write` asks for replicas, and there never are any. */
export function lacksReplicas({ configuration, master }: ServerState): boolean {
  return (
    master === undefined &&
    configuration.number('min-replicas-to-write') > 0 &&
    configuration.number('min-replicas-max-lag') > 0
  );
}

/** Whether clients have to authenticate before they may do anything. */
export function requiresPassword({ users }: ServerState): boolean {
  return !users.default.needsNoPassword || !users.default.isEnabled;
}
