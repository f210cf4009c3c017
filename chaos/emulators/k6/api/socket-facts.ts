/** What a WebSocket of a script is told and tells: plain data only, so that it can pass between threads. */
import type { Body, Handle, Tags } from './plain-data.ts';

export interface SocketSpec {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly protocols: readonly string[];
  /** By `permessage-deflate` (RFC 7692). */
  readonly compression: boolean;
  readonly jar: Handle | undefined;
  readonly tags: Tags;
  /** Samples are tagged with the URL, and with a name as requests are. */
  readonly named: boolean;
}

export type SocketEvent =
  | {
      readonly type: 'open';
      /** Of every sample of the socket. */
      readonly tags: Tags;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly protocol: string;
      readonly extensions: readonly string[];
    }
  | {
      readonly type: 'refused';
      readonly tags: Tags;
      readonly message: string;
      /** 0 when nothing answered. */
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The host sends the pong itself. */
  | { readonly type: 'ping' }
  | { readonly type: 'pong'; readonly id: string; readonly timeMs: number }
  | { readonly type: 'message'; readonly data: Body; readonly timeMs: number }
  /** So many bytes of messages have been written. */
  | { readonly type: 'written'; readonly bytes: number }
  | { readonly type: 'failed'; readonly message: string }
  /** Code 0 when the connection broke without any. */
  | { readonly type: 'closed'; readonly code: number; readonly reason: string };

export type SocketCommand =
  | { readonly type: 'message'; readonly data: Body }
  | { readonly type: 'ping'; readonly id: string }
  /** Waits for the answer of the other side, and without `waits` hangs up behind the frame. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string; readonly waits: boolean };

const closeNames: Readonly<Record<number, string>> = {
  1000: ' (normal)',
  1001: ' (going away)',
  1002: ' (protocol error)',
  1003: ' (unsupported data)',
  1005: ' (no status)',
  1006: ' (abnormal closure)',
  1007: ' (invalid payload data)',
  1008: ' (policy violation)',
  1009: ' (message too big)',
  1010: ' (mandatory extension missing)',
  1011: ' (internal server error)',
  1015: ' (TLS handshake error)',
};

/** In the words of k6, why a socket was closed; undefined when that was expected. */
export function closeError(code: number, reason: string): string | undefined {
  if (code === 0 || code === 1000 || code === 1001) return undefined;
  return `websocket: close ${code}${closeNames[code] ?? ''}${reason === '' ? '' : `: ${reason}`}`;
}
