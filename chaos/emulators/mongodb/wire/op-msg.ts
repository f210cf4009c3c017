/**
 * OP_MSG, the one message drivers use after the handshake: a body document and sequences of documents that stay
 * bytes here, because an insert passes them on to the storage unread.
 */
import { FrameError, MongoError, locationError } from '../errors.ts';
import { decodeDocument } from '../bson/decode.ts';
import type { Document } from '../storage/contract.ts';
import { crc32c } from './crc32c.ts';
import { headerBytes } from './frame-reader.ts';
import { ReplyWriter } from './reply-writer.ts';

export const opMsg = 2013;

const checksumPresent = 1;
const moreToCome = 2;
const exhaustAllowed = 1 << 16;
const requiredFlags = 0xffff;

export interface OpMessage {
  readonly body: Document;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  /** The sender wants no reply. */
  readonly moreToCome: boolean;
  readonly exhaustAllowed: boolean;
}

/** @throws FrameError when the sections do not fit the message, MongoError when they fit but may not be. */
export function parseOpMsg(message: Buffer): OpMessage {
  if (message.length < headerBytes + 4 + 1 + 5) throw new FrameError('OP_MSG without a body');
  const flags = message.readUInt32LE(headerBytes);
  let end = message.length;
  if ((flags & checksumPresent) !== 0) {
    end -= 4;
    if (crc32c(message.subarray(0, end)) !== message.readUInt32LE(end))
      throw new FrameError('checksum differs');
  }
  const unknownFlags = flags & requiredFlags & ~(checksumPresent | moreToCome);
  if (unknownFlags !== 0) {
    throw new MongoError(
      'IllegalOpMsgFlag',
      `Message contains illegal flags value: Ob${unknownFlags.toString(2)}`,
    );
  }
  const sequences = new Map<string, Uint8Array[]>();
  let bodyBytes: Buffer | undefined;
  let offset = headerBytes + 4;
  while (offset < end) {
    const kind = message[offset];
    const size = sectionSize(message, offset + 1, end);
    const section = message.subarray(offset + 1, offset + 1 + size);
    offset += 1 + size;
    if (kind === 0) {
      if (bodyBytes !== undefined) throw locationError(40430, 'Multiple body sections in message');
      bodyBytes = section;
    } else if (kind === 1) readSequence(section, sequences);
    else throw locationError(40432, `Unknown section kind ${kind}`);
  }
  if (bodyBytes === undefined) throw locationError(40587, 'OP_MSG messages must have a body');
  return {
    body: decodeBody(bodyBytes),
    sequences,
    moreToCome: (flags & moreToCome) !== 0,
    exhaustAllowed: (flags & exhaustAllowed) !== 0,
  };
}

function decodeBody(bytes: Buffer): Document {
  try {
    return decodeDocument(bytes);
  } catch (thrown) {
    throw new MongoError('InvalidBSON', thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function sectionSize(message: Buffer, offset: number, end: number): number {
  if (offset + 4 > end) throw new FrameError('section cut off');
  const size = message.readInt32LE(offset);
  if (size < 5 || offset + size > end) throw new FrameError(`section of ${size} bytes does not fit`);
  return size;
}

function readSequence(section: Buffer, sequences: Map<string, Uint8Array[]>): void {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd === -1) throw new FrameError('document sequence without a name');
  const name = section.toString('utf8', 4, nameEnd);
  if (sequences.has(name)) throw locationError(40431, `Duplicate document sequence: ${name}`);
  const documents: Uint8Array[] = [];
  let offset = nameEnd + 1;
  while (offset < section.length) {
    const size = sectionSize(section, offset, section.length);
    documents.push(section.subarray(offset, offset + size));
    offset += size;
  }
  sequences.set(name, documents);
}

/** A reply with its header. `more` announces that another reply follows unasked (exhaust). */
export function writeOpMsg(responseTo: number, requestId: number, body: Document, more: boolean): Buffer {
  const writer = new ReplyWriter();
  writer.offset = headerBytes + 5;
  writer.document(body);
  const bytes = writer.bytes();
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(requestId, 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(opMsg, 12);
  bytes.writeUInt32LE(more ? moreToCome : 0, headerBytes);
  bytes[headerBytes + 4] = 0;
  return bytes;
}
