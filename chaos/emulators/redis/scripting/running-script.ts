/** The script that is running, as the rest of the server sees it. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import type { Reply } from '../reply/reply.ts';

export interface RunningScript {
  readonly kind: 'eval' | 'function';
  /** SHA-1 of a script, name of a function. */
  readonly name: Bytes;
  readonly caller: Client;
  /** As which the script's commands run. */
  readonly client: Client;
  readonly words: readonly Bytes[];
  readonly startedAtMs: number;
  hasWritten: boolean;
  isKilled: boolean;
}

/** What the functions in `redis` do for the script that calls them. */
export interface ScriptCalls {
  call(words: readonly Bytes[]): Reply;
  readonly protocol: 2 | 3;
  setProtocol(protocol: 2 | 3): void;
  setPropagates(propagates: boolean): void;
  /** Undefined for a command that there is not. */
  mayRun(words: readonly Bytes[]): boolean | undefined;
}
