/** Borders and names of the commands a Redis client sends: RESP arrays of bulk strings, or inline commands. */
import type { Command, Interest, MessageObserver, RequestScanner } from './scanner.ts';

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const DOLLAR = 36;
const ASTERISK = 42;
const ZERO = 48;
const NINE = 57;
/** Clears the bit that tells lower from upper case letters. */
const UPPER_CASE = 0xdf;

/** Redis's own limits: arguments of a command, bytes of an argument. */
const ARGUMENTS_MAX = 1024 * 1024;
const ARGUMENT_BYTES_MAX = 512 * 1024 * 1024;
/** What is read of a name or target; names are far shorter. */
const CAPTURE_BYTES_MAX = 512;

/** After these, replies no longer come one for each command. So does CLIENT REPLY. */
const noReplyInOrder = new Set(['MONITOR', 'PSUBSCRIBE', 'PSYNC', 'SSUBSCRIBE', 'SUBSCRIBE', 'SYNC']);
const firstLetters = new Set([...noReplyInOrder, 'CLIENT'].map((name) => name.charCodeAt(0)));

type State = 'start' | 'count' | 'mark' | 'length' | 'body' | 'body-end' | 'inline';

export class RedisRequests implements RequestScanner {
  readonly requestId = 0;
  readonly expectsReply = true;
  endsPairing = false;
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
  readonly #interest: Interest;

  constructor(interest: Interest) {
    this.#interest = interest;
  }

  get command(): Command {
    return { name: this.#name, target: this.#target };
  }

  scan(data: Buffer, observer: MessageObserver): boolean {
    let offset = 0;
    while (offset < data.length) {
      if (this.#state === 'start' && !this.#interest.inCommands) {
        const end = endOfPlainCommand(data, offset);
        if (end > offset) {
          this.#begin('count');
          observer.started(offset);
          this.#identify(observer);
          this.#state = 'start';
          observer.ended(end);
          offset = end;
          continue;
        }
      }
      offset = this.#step(data, offset, observer);
      if (offset < 0) return false;
    }
    return true;
  }

  /** Takes at least one byte; returns where to go on, or -1 when this is not Redis's protocol. */
  #step(data: Buffer, offset: number, observer: MessageObserver): number {
    const byte = data[offset] ?? 0;
    switch (this.#state) {
      case 'start':
        if (byte === CARRIAGE_RETURN || byte === LINE_FEED) return offset + 1;
        this.#begin(byte === ASTERISK ? 'count' : 'inline');
        observer.started(offset);
        return byte === ASTERISK ? offset + 1 : this.#inline(data, offset, observer);
      case 'count':
      case 'length':
        return this.#digit(byte) ? offset + 1 : -1;
      case 'mark':
        this.#startNumber('length');
        return byte === DOLLAR ? offset + 1 : -1;
      case 'body': {
        const end = Math.min(data.length, offset + this.#bytesLeft);
        if (!this.#identified) this.#capture(data, offset, end, observer);
        this.#bytesLeft -= end - offset;
        if (this.#bytesLeft === 0) this.#startBodyEnd();
        return end;
      }
      case 'body-end':
        this.#bytesLeft -= 1;
        if (this.#bytesLeft === 0) this.#argumentEnded(offset + 1, observer);
        return offset + 1;
      case 'inline':
        return this.#inline(data, offset, observer);
    }
  }

  #begin(state: 'count' | 'inline'): void {
    this.#startNumber('count');
    this.#state = state;
    this.#argument = 0;
    this.#captured = '';
    this.#name = '';
    this.#target = '';
    this.#identified = false;
    this.endsPairing = false;
  }

  #startNumber(state: 'count' | 'length'): void {
    this.#state = state;
    this.#number = 0;
    this.#digits = 0;
  }

  #startBodyEnd(): void {
    this.#state = 'body-end';
    this.#bytesLeft = 2;
  }

  #digit(byte: number): boolean {
    if (byte >= ZERO && byte <= NINE) {
      this.#number = this.#number * 10 + byte - ZERO;
      this.#digits += 1;
      return this.#number <= ARGUMENT_BYTES_MAX;
    }
    return byte === LINE_FEED ? this.#lineEnded() : byte === CARRIAGE_RETURN;
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
    this.#bytesLeft = this.#number;
    this.#state = 'body';
    if (this.#number === 0) this.#startBodyEnd();
    return true;
  }

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
      if (this.#arguments === 1) this.#identify(observer);
    } else if (!this.#identified) {
      this.#target = this.#captured;
      this.#identify(observer);
    }
    this.#argument += 1;
    this.#state = 'mark';
    if (this.#argument < this.#arguments) return;
    this.#state = 'start';
    observer.ended(offset);
  }

  #inline(data: Buffer, offset: number, observer: MessageObserver): number {
    const lineEnd = data.indexOf(LINE_FEED, offset);
    const end = lineEnd === -1 ? data.length : lineEnd;
    if (this.#captured.length < CAPTURE_BYTES_MAX) {
      this.#captured += data.toString('latin1', offset, Math.min(end, offset + CAPTURE_BYTES_MAX));
    }
    if (lineEnd === -1) return end;
    const [name = '', target = ''] = this.#captured.trim().split(/\s+/, 2);
    this.#name = name.toUpperCase();
    this.#target = target;
    this.#identify(observer);
    this.#state = 'start';
    observer.ended(end + 1);
    return end + 1;
  }

  #identify(observer: MessageObserver): void {
    this.#identified = true;
    this.endsPairing =
      noReplyInOrder.has(this.#name) || (this.#name === 'CLIENT' && this.#target.toUpperCase() === 'REPLY');
    observer.identified();
  }
}

/**
 * Where the command at `offset` ends, when it lies wholly in the chunk and its name need not be read; otherwise
 * `offset`. Without it the scanner would take a third of the proxy's time under pipelining.
 */
function endOfPlainCommand(data: Buffer, offset: number): number {
  const length = data.length;
  if (data[offset] !== ASTERISK) return offset;
  let at = offset + 1;
  let argumentsLeft = 0;
  let digitsAt = at;
  for (; at < length; at += 1) {
    const byte = data[at] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    argumentsLeft = argumentsLeft * 10 + byte - ZERO;
  }
  if (at === digitsAt || at - digitsAt > 6 || data[at + 1] !== LINE_FEED || argumentsLeft === 0)
    return offset;
  at += 2;
  for (let first = true; argumentsLeft > 0; argumentsLeft -= 1, first = false) {
    if (data[at] !== DOLLAR) return offset;
    at += 1;
    digitsAt = at;
    let bytes = 0;
    for (; at < length; at += 1) {
      const byte = data[at] ?? 0;
      if (byte < ZERO || byte > NINE) break;
      bytes = bytes * 10 + byte - ZERO;
    }
    if (at === digitsAt || at - digitsAt > 8 || data[at + 1] !== LINE_FEED) return offset;
    at += 2;
    if (first && bytes > 3 && firstLetters.has((data[at] ?? 0) & UPPER_CASE)) return offset;
    at += bytes + 2;
    if (at > length) return offset;
  }
  return at;
}
