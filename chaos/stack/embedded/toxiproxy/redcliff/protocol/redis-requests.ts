/** Borders and names of the commands a Redis client sends: RESP arrays of bulk strings, or inline commands. */
import type { Command, MessageObserver, RequestScanner } from './scanner.ts';

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const SPACE = 32;
const DOLLAR = 36;
const ASTERISK = 42;
const ZERO = 48;
const NINE = 57;

/** Redis's own limits: arguments of a command, bytes of an argument. */
const ARGUMENTS_MAX = 1024 * 1024;
const ARGUMENT_BYTES_MAX = 512 * 1024 * 1024;
/** What is read of a name or target; names are far shorter. */
const CAPTURE_BYTES_MAX = 512;

const noReplyInOrder = new Set(['MONITOR', 'PSUBSCRIBE', 'PSYNC', 'SSUBSCRIBE', 'SUBSCRIBE', 'SYNC']);

type State = 'start' | 'count' | 'mark' | 'length' | 'body' | 'body-end' | 'inline';

export class RedisRequests implements RequestScanner {
  readsCommands = false;
  readonly requestId = 0;
  readonly expectsReply = true;
  #state: State = 'start';
  #number = 0;
  #digits = 0;
  #arguments = 0;
  #argument = 0;
  #bytesLeft = 0;
  #captured = '';
  #name = '';
  #target = '';
  #identified = false;

  get command(): Command {
    return { name: this.#name, target: this.#target };
  }

  get endsPairing(): boolean {
    return (
      noReplyInOrder.has(this.#name) || (this.#name === 'CLIENT' && this.#target.toUpperCase() === 'REPLY')
    );
  }

  scan(data: Buffer, observer: MessageObserver): boolean {
    let offset = 0;
    while (offset < data.length) {
      const byte = data[offset] ?? 0;
      switch (this.#state) {
        case 'start':
          if (byte === CARRIAGE_RETURN || byte === LINE_FEED) {
            offset += 1;
            break;
          }
          this.#begin(byte === ASTERISK ? 'count' : 'inline');
          observer.started(offset);
          if (byte === ASTERISK) offset += 1;
          break;
        case 'count':
        case 'length':
          offset += 1;
          if (byte >= ZERO && byte <= NINE) {
            this.#number = this.#number * 10 + byte - ZERO;
            this.#digits += 1;
            if (this.#number > ARGUMENT_BYTES_MAX) return false;
          } else if (byte === LINE_FEED) {
            if (!this.#lineEnded()) return false;
          } else if (byte !== CARRIAGE_RETURN) {
            return false;
          }
          break;
        case 'mark':
          if (byte !== DOLLAR) return false;
          offset += 1;
          this.#startNumber('length');
          break;
        case 'body': {
          const end = Math.min(data.length, offset + this.#bytesLeft);
          if (!this.#identified) this.#capture(data, offset, end, observer);
          this.#bytesLeft -= end - offset;
          offset = end;
          if (this.#bytesLeft === 0) {
            this.#state = 'body-end';
            this.#bytesLeft = 2;
          }
          break;
        }
        case 'body-end':
          offset += 1;
          this.#bytesLeft -= 1;
          if (this.#bytesLeft === 0) this.#argumentEnded(offset, observer);
          break;
        case 'inline': {
          const lineEnd = data.indexOf(LINE_FEED, offset);
          const end = lineEnd === -1 ? data.length : lineEnd;
          if (this.#captured.length < CAPTURE_BYTES_MAX) {
            this.#captured += data.toString('latin1', offset, Math.min(end, offset + CAPTURE_BYTES_MAX));
          }
          offset = end;
          if (lineEnd !== -1) {
            offset += 1;
            this.#inlineEnded(offset, observer);
          }
          break;
        }
      }
    }
    return true;
  }

  #begin(state: 'count' | 'inline'): void {
    this.#startNumber('count');
    this.#state = state;
    this.#argument = 0;
    this.#captured = '';
    this.#name = '';
    this.#target = '';
    this.#identified = false;
  }

  #startNumber(state: 'count' | 'length'): void {
    this.#state = state;
    this.#number = 0;
    this.#digits = 0;
  }

  /** A number is complete; false when it makes no sense. */
  #lineEnded(): boolean {
    if (this.#digits === 0) return false;
    if (this.#state === 'count') {
      // Redis ignores an empty command without a reply; no client sends one.
      if (this.#number === 0 || this.#number > ARGUMENTS_MAX) return false;
      this.#arguments = this.#number;
      this.#state = 'mark';
      return true;
    }
    this.#bytesLeft = this.#number === 0 ? 2 : this.#number;
    this.#state = this.#number === 0 ? 'body-end' : 'body';
    return true;
  }

  /** Reads the name, and the target when commands are wanted; only a name can tell that pairing ends. */
  #capture(data: Buffer, from: number, end: number, observer: MessageObserver): void {
    if (this.#captured.length < CAPTURE_BYTES_MAX) {
      this.#captured += data.toString('latin1', from, Math.min(end, from + CAPTURE_BYTES_MAX));
    }
    if (this.#argument === 1 && this.#captured.length >= CAPTURE_BYTES_MAX) {
      this.#target = this.#captured;
      this.#identify(observer);
    }
  }

  #argumentEnded(offset: number, observer: MessageObserver): void {
    if (this.#argument === 0) {
      this.#name = this.#captured.toUpperCase();
      this.#captured = '';
      if (this.#arguments === 1 || !(this.readsCommands || this.#name === 'CLIENT')) this.#identify(observer);
    } else if (!this.#identified) {
      this.#target = this.#captured;
      this.#identify(observer);
    }
    this.#argument += 1;
    if (this.#argument < this.#arguments) {
      this.#state = 'mark';
      return;
    }
    this.#state = 'start';
    observer.ended(offset);
  }

  #inlineEnded(offset: number, observer: MessageObserver): void {
    const [name = '', target = ''] = this.#captured.trim().split(String.fromCharCode(SPACE), 2);
    this.#name = name.toUpperCase();
    this.#target = target;
    this.#identify(observer);
    this.#state = 'start';
    observer.ended(offset);
  }

  #identify(observer: MessageObserver): void {
    this.#identified = true;
    observer.identified();
  }
}
