/**
 * What a command answers, before it is known in which version of the protocol: a string is a bulk string, a number or bigint an integer,
 * an array an array, null the null of both versions.
 */
import type { Bytes } from '../bytes/byte-string.ts';

export type Reply = Bytes | number | bigint | null | readonly Reply[] | TypedReply;

export type TypedReply =
  | Status
  | ErrorReply
  | { readonly kind: 'null array' }
  /** With `text` where other digits than those of `%.17g` are sent. */
  | { readonly kind: 'double'; readonly value: number; readonly text?: Bytes }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'big number'; readonly digits: Bytes }
  | { readonly kind: 'verbatim'; readonly format: Bytes; readonly text: Bytes }
  | MapReply
  | { readonly kind: 'set'; readonly items: readonly Reply[] }
  /** Remarks on the reply that follows; only in version 3. */
  | { readonly kind: 'attribute'; readonly entries: MapReply['entries'] }
  | { readonly kind: 'push'; readonly items: readonly Reply[] }
  /** Several replies to one command, as SUBSCRIBE gives. */
  | { readonly kind: 'several'; readonly replies: readonly Reply[] }
  /** Nothing is sent, now or at all. */
  | { readonly kind: 'none' };

export interface Status {
  readonly kind: 'status';
  readonly text: Bytes;
}

export interface ErrorReply {
  readonly kind: 'error';
  /** With its code, such as `ERR syntax error`. */
  readonly message: Bytes;
  /** It was counted as an error already, when a command inside a script failed. */
  readonly isCounted?: boolean;
}

export interface MapReply {
  readonly kind: 'map';
  readonly entries: readonly (readonly [Reply, Reply])[];
}

export const ok: Status = { kind: 'status', text: 'OK' };
export const queued: Status = { kind: 'status', text: 'QUEUED' };
export const nullArray: TypedReply = { kind: 'null array' };
export const noReply: TypedReply = { kind: 'none' };

export function status(text: Bytes): Status {
  return { kind: 'status', text };
}

export function errorReply(message: Bytes): ErrorReply {
  return { kind: 'error', message };
}

export function double(value: number): TypedReply {
  return { kind: 'double', value };
}

export function map(entries: readonly (readonly [Reply, Reply])[]): MapReply {
  return { kind: 'map', entries };
}

export function set(items: readonly Reply[]): TypedReply {
  return { kind: 'set', items };
}

export function push(items: readonly Reply[]): TypedReply {
  return { kind: 'push', items };
}

/** A text that RESP3 marks as such, RESP2 sends as a bulk string. */
export function plainText(text: Bytes): TypedReply {
  return { kind: 'verbatim', format: 'txt', text };
}

export function isTyped(reply: Reply): reply is TypedReply {
  return typeof reply === 'object' && reply !== null && !Array.isArray(reply);
}

export function isError(reply: Reply): reply is ErrorReply {
  return isTyped(reply) && reply.kind === 'error';
}

/** The replies that a reply is made of; none for one that is no collection. */
export function itemsOf(reply: Reply): readonly Reply[] {
  if (typeof reply !== 'object' || reply === null) return [];
  if (!isTyped(reply)) return reply;
  switch (reply.kind) {
    case 'map':
      return reply.entries.flat();
    case 'set':
    case 'push':
      return reply.items;
    default:
      return [];
  }
}
