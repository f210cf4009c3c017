/** A write to be put into the append-only file. */
import type { Bytes } from '../bytes/byte-string.ts';

export interface PropagatedCommand {
  readonly database: number;
  readonly words: readonly Bytes[];
}
