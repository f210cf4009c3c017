/** One of the two servers that are compared: connections to it, on which replies come in the order of the requests. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { WireReply } from './wire-reply.ts';

export interface SideConnection {
  readonly id: number;
  readonly isClosed: boolean;
  /** Replies that are there and were not taken yet. */
  readonly replyCount: number;
  send(requests: readonly (readonly Bytes[])[]): void;
  take(): WireReply[];
  /** Waits until so many replies are there, or the connection is closed; false when the time is over before. */
  arrived(count: number, deadlineMs: number): Promise<boolean>;
  close(): void;
}
