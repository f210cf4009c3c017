/**
 * Finding the borders of messages in a byte stream. A scanner never alters or delays bytes; it tells its observer where
 * messages begin and end, and keeps what little it must remember between chunks.
 */

export const protocols = ['mongo', 'redis'] as const;
export type Protocol = (typeof protocols)[number];

/** A command as far as faults choose by it: `target` is Redis's first argument or MongoDB's collection. */
export interface Command {
  readonly name: string;
  readonly target: string;
}

/** Offsets count from the start of the chunk being scanned. */
export interface MessageObserver {
  started(offset: number): void;
  /** Once for each message, as soon as the scanner knows what its kind of message tells; before `ended`. */
  identified(): void;
  ended(offset: number): void;
}

export interface Scanner {
  /** False when the bytes are not of this protocol; nothing later is either. Never throws. */
  scan(data: Buffer, observer: MessageObserver): boolean;
}

/** Whether anybody asks for commands now. If not, `command` may stay empty and scanning is cheaper. */
export interface Interest {
  readonly inCommands: boolean;
}

/** Requests: what identifies the message just identified. */
export interface RequestScanner extends Scanner {
  readonly command: Command;
  /** Matches requests with replies where the protocol numbers them; 0 otherwise. */
  readonly requestId: number;
  /** False when the server sends no reply to it. */
  readonly expectsReply: boolean;
  /** True when replies can no longer be matched by order, as after SUBSCRIBE. */
  readonly endsPairing: boolean;
}

export interface ReplyScanner extends Scanner {
  /** The request's number; 0 where replies come in order. */
  readonly responseTo: number;
  /** True for a message that answers no request. */
  readonly unsolicited: boolean;
}
