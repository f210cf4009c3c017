/** Borders of the replies of a Redis server, RESP2 and RESP3. */
import type { MessageObserver, ReplyScanner } from './scanner.ts';

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;

/** How a type's line goes on: a plain line, a length with a body, or a count of values (two each in maps). */
type Shape = 'line' | 'body' | 'values' | 'pairs' | 'attributes';

const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['!', 'body'],
  ['#', 'line'],
  ['$', 'body'],
  ['%', 'pairs'],
  ['(', 'line'],
  ['*', 'values'],
  ['+', 'line'],
  [',', 'line'],
  ['-', 'line'],
  [':', 'line'],
  ['=', 'body'],
  ['>', 'values'],
  ['_', 'line'],
  ['|', 'attributes'],
  ['~', 'values'],
]);
const shapeByByte: readonly (Shape | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  shapes.get(String.fromCharCode(byte)),
);
const DOLLAR = '$'.charCodeAt(0);
const PUSH = '>'.charCodeAt(0);

/** Larger numbers can only mean that these are no replies. */
const NUMBER_MAX = 2 ** 40;

export class RedisReplies implements ReplyScanner {
  readonly responseTo = 0;
  unsolicited = false;
  /** Values still to come until the message is complete; nested ones are added as their count is read. */
  #valuesLeft = 0;
  #shape: Shape | undefined;
  #number = 0;
  #negative = false;
  #bodyBytesLeft = 0;

  scan(data: Buffer, observer: MessageObserver): boolean {
    let offset = 0;
    while (offset < data.length) {
      if (this.#valuesLeft === 0) {
        const end = endOfPlainReply(data, offset);
        if (end > offset) {
          this.#begin(0, offset, observer);
          this.#valueEnded(end, observer);
          offset = end;
          continue;
        }
      }
      if (this.#bodyBytesLeft > 0) {
        const skipped = Math.min(this.#bodyBytesLeft, data.length - offset);
        this.#bodyBytesLeft -= skipped;
        offset += skipped;
        if (this.#bodyBytesLeft === 0) this.#valueEnded(offset, observer);
        continue;
      }
      const byte = data[offset] ?? 0;
      if (this.#shape === undefined) {
        const shape = shapeByByte[byte];
        if (shape === undefined) return false;
        if (this.#valuesLeft === 0) this.#begin(byte, offset, observer);
        this.#shape = shape;
        this.#number = 0;
        this.#negative = false;
        offset += 1;
      } else if (this.#shape === 'line') {
        const lineEnd = data.indexOf(LINE_FEED, offset);
        offset = lineEnd === -1 ? data.length : lineEnd + 1;
        if (lineEnd !== -1) this.#valueEnded(offset, observer);
      } else {
        offset += 1;
        if (byte === LINE_FEED) this.#numberEnded(offset, observer);
        else if (!this.#digit(byte)) return false;
      }
    }
    return true;
  }

  #begin(byte: number, offset: number, observer: MessageObserver): void {
    this.#valuesLeft = 1;
    this.unsolicited = byte === PUSH;
    observer.started(offset);
    observer.identified();
  }

  #digit(byte: number): boolean {
    if (byte >= ZERO && byte <= NINE) {
      this.#number = this.#number * 10 + byte - ZERO;
      return this.#number <= NUMBER_MAX;
    }
    if (byte === MINUS) this.#negative = true;
    return byte === MINUS || byte === CARRIAGE_RETURN;
  }

  #numberEnded(offset: number, observer: MessageObserver): void {
    // -1 stands for null: no body and no values.
    const count = this.#negative ? 0 : this.#number;
    switch (this.#shape) {
      case 'body':
        if (this.#negative) this.#valueEnded(offset, observer);
        else this.#bodyBytesLeft = count + 2;
        return;
      case 'attributes':
        // The value they belong to is still to come, so this one does not count as ended.
        this.#valuesLeft += count * 2 + 1;
        break;
      case 'pairs':
        this.#valuesLeft += count * 2;
        break;
      default:
        this.#valuesLeft += count;
    }
    this.#valueEnded(offset, observer);
  }

  #valueEnded(offset: number, observer: MessageObserver): void {
    this.#shape = undefined;
    this.#valuesLeft -= 1;
    if (this.#valuesLeft === 0) observer.ended(offset);
  }
}

/** Longer lines are parsed by the ordinary path. */
const LINE_BYTES_MAX = 64;

/**
 * Where the reply at `offset` ends, when it is a short line or a string and lies wholly in the chunk; otherwise
 * `offset`. Most replies are such, and under pipelining their number counts.
 */
function endOfPlainReply(data: Buffer, offset: number): number {
  const first = data[offset] ?? 0;
  if (first === DOLLAR) {
    let at = offset + 1;
    let bytes = 0;
    for (; at < data.length; at += 1) {
      const byte = data[at] ?? 0;
      if (byte < ZERO || byte > NINE) break;
      bytes = bytes * 10 + byte - ZERO;
    }
    if (at === offset + 1 || at - offset > 9 || data[at + 1] !== LINE_FEED) return offset;
    const end = at + 2 + bytes + 2;
    return end <= data.length ? end : offset;
  }
  if (shapeByByte[first] !== 'line') return offset;
  const searchEnd = Math.min(data.length, offset + LINE_BYTES_MAX);
  for (let at = offset + 1; at < searchEnd; at += 1) if (data[at] === LINE_FEED) return at + 1;
  return offset;
}
