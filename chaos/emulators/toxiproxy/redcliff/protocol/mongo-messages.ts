/**
 * Borders, numbers and command names of MongoDB's messages. Every message begins with its length, its number, the
 * number it answers and its opcode, so replies are matched by number, not by order.
 */
import type { Command, Interest, MessageObserver, ReplyScanner, RequestScanner } from './scanner.ts';

export const HEADER_BYTES = 16;
/** maxMessageSizeBytes of MongoDB. */
export const MESSAGE_BYTES_MAX = 48_000_000;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
export const OP_MSG = 2013;
export const opcodes: ReadonlySet<number> = new Set([OP_REPLY, OP_QUERY, OP_COMPRESSED, OP_MSG]);

const MORE_TO_COME = 2;
const BSON_STRING = 2;
/** A command's name stands in the first bytes, unless document sequences come first; then this much is looked at. */
const HEAD_BYTES_MAX = 64 * 1024;
const NO_COMMAND: Command = { name: '', target: '' };

/** Reads messages of either direction; requests are told by their command, replies by what they answer. */
export class MongoMessages implements RequestScanner, ReplyScanner {
  readonly endsPairing = false;
  readonly unsolicited = false;
  command: Command = NO_COMMAND;
  requestId = 0;
  responseTo = 0;
  expectsReply = true;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #bytesLeft = 0;
  #opcode = 0;
  #head: Buffer | undefined;
  #identified = false;
  readonly #interest: Interest;

  constructor(interest: Interest) {
    this.#interest = interest;
  }

  scan(data: Buffer, observer: MessageObserver): boolean {
    let offset = 0;
    while (offset < data.length) {
      if (this.#headerBytes < HEADER_BYTES) {
        if (this.#headerBytes === 0) observer.started(offset);
        const copied = data.copy(
          this.#header,
          this.#headerBytes,
          offset,
          offset + HEADER_BYTES - this.#headerBytes,
        );
        this.#headerBytes += copied;
        offset += copied;
        if (this.#headerBytes === HEADER_BYTES && !this.#headerRead(observer)) return false;
      } else {
        const end = Math.min(data.length, offset + this.#bytesLeft);
        if (!this.#identified) this.#readHead(data.subarray(offset, end), observer);
        this.#bytesLeft -= end - offset;
        offset = end;
      }
      if (this.#headerBytes === HEADER_BYTES && this.#bytesLeft === 0) {
        if (!this.#identified) this.#identify(NO_COMMAND, observer);
        this.#headerBytes = 0;
        observer.ended(offset);
      }
    }
    return true;
  }

  #headerRead(observer: MessageObserver): boolean {
    const length = this.#header.readInt32LE(0);
    this.requestId = this.#header.readInt32LE(4);
    this.responseTo = this.#header.readInt32LE(8);
    this.#opcode = this.#header.readInt32LE(12);
    if (length < HEADER_BYTES || length > MESSAGE_BYTES_MAX || !opcodes.has(this.#opcode)) return false;
    this.#bytesLeft = length - HEADER_BYTES;
    this.#head = undefined;
    this.#identified = false;
    this.expectsReply = true;
    if (!this.#interest.inCommands) this.#identify(NO_COMMAND, observer);
    return true;
  }

  #readHead(part: Buffer, observer: MessageObserver): void {
    const head = this.#head === undefined ? part : Buffer.concat([this.#head, part]);
    const found = readCommand(this.#opcode, head);
    if (found !== 'incomplete') {
      this.expectsReply = found.expectsReply;
      this.#identify(found.command, observer);
    } else if (head.length >= HEAD_BYTES_MAX) {
      this.#identify(NO_COMMAND, observer);
    } else {
      // Kept across chunks, so it must not share memory with the chunk.
      this.#head = Buffer.from(head);
    }
  }

  #identify(command: Command, observer: MessageObserver): void {
    this.#identified = true;
    this.#head = undefined;
    this.command = command;
    observer.identified();
  }
}

type ReadCommand = { readonly command: Command; readonly expectsReply: boolean } | 'incomplete';

/** `body` is what follows the header, as far as it has come. Commands of other opcodes stay nameless. */
function readCommand(opcode: number, body: Buffer): ReadCommand {
  if (opcode === OP_MSG) return readOpMsg(body);
  if (opcode === OP_QUERY) return readOpQuery(body);
  return { command: NO_COMMAND, expectsReply: true };
}

/** Flags, then sections: kind 0 is the command's document, kind 1 a sequence of documents to be skipped. */
function readOpMsg(body: Buffer): ReadCommand {
  if (body.length < 5) return 'incomplete';
  const expectsReply = (body.readUInt32LE(0) & MORE_TO_COME) === 0;
  let offset = 4;
  while (offset < body.length) {
    const kind = body[offset];
    if (kind === 0) {
      const command = readFirstElement(body, offset + 1);
      return command === 'incomplete' ? command : { command, expectsReply };
    }
    if (offset + 5 > body.length) return 'incomplete';
    const sectionBytes = body.readInt32LE(offset + 1);
    if (kind !== 1 || sectionBytes < 5) return { command: NO_COMMAND, expectsReply };
    offset += 1 + sectionBytes;
  }
  return 'incomplete';
}

/** Flags, the collection's name, two numbers, then the document; used for the first hello only. */
function readOpQuery(body: Buffer): ReadCommand {
  const nameEnd = body.indexOf(0, 4);
  if (nameEnd === -1) return 'incomplete';
  const command = readFirstElement(body, nameEnd + 9);
  return command === 'incomplete' ? command : { command, expectsReply: true };
}

/** The first element of a BSON document: its name is the command, its value, if a string, the collection. */
function readFirstElement(body: Buffer, documentAt: number): Command | 'incomplete' {
  const typeAt = documentAt + 4;
  const nameEnd = body.indexOf(0, typeAt + 1);
  if (typeAt >= body.length) return 'incomplete';
  if (body[typeAt] === 0) return NO_COMMAND;
  if (nameEnd === -1) return 'incomplete';
  const name = body.toString('utf8', typeAt + 1, nameEnd);
  if (body[typeAt] !== BSON_STRING) return { name, target: '' };
  if (nameEnd + 5 > body.length) return 'incomplete';
  const textBytes = body.readInt32LE(nameEnd + 1) - 1;
  const textAt = nameEnd + 5;
  if (textBytes < 0 || textBytes > HEAD_BYTES_MAX) return { name, target: '' };
  if (textAt + textBytes > body.length) return 'incomplete';
  return { name, target: body.toString('utf8', textAt, textAt + textBytes) };
}
