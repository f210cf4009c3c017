/**
 * What became of a write, told from the document as it is now. Every write leaves its own id in the document, so "already
 * applied" and "overtaken" can be told apart however often a write is tried.
 */
import type { EntityWrite } from './entity-write.ts';

export type Verdict =
  | 'absent'
  /** It is the current document. */
  | 'applied'
  /** Another write was applied in its place: this one never was and never will be. */
  | 'conflict'
  /** No other write prevented it, and still it was not applied: the database refused the document itself. */
  | 'failed'
  /** A newer fencing token has written. */
  | 'fenced'
  /** Later writes hide whether this one was among those before them. */
  | 'overtaken';

/** The carrier of a write, with the data that belongs to it. */
export interface Carrier {
  readonly write: EntityWrite;
}

/** The carrier of a write, with what became of it. */
export type Judged<T extends Carrier> = T & { readonly verdict: Verdict };

export function judged<T extends Carrier>(carrier: T, verdict: Verdict): Judged<T> {
  return { ...carrier, verdict };
}

/** The fields of the current document that tell. */
export interface CurrentState {
  readonly version: number;
  readonly write_id: string;
  readonly turn_fence: number;
}

export function judgeWrite(write: EntityWrite, current: CurrentState | null | undefined): Verdict {
  if (current === null || current === undefined) return 'absent';
  if (current.write_id === write.document.write_id) return 'applied';
  if (current.version > write.document.version) return 'overtaken';
  if (current.version === write.base.version && current.write_id === write.base.writeId) {
    return write.fence !== undefined && current.turn_fence > write.fence ? 'fenced' : 'failed';
  }
  return 'conflict';
}
