/** OP_QUERY, of which drivers still use the very first handshake; everything else is refused by an error reply. */
import { decodeDocument } from '../bson/decode.ts';
import { FrameError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { headerBytes } from './frame-reader.ts';
import { ReplyWriter } from './reply-writer.ts';

export const opQuery = 2004;
const opReply = 1;

export interface LegacyQuery {
  readonly collection: string;
  readonly query: Document;
}

/** @throws FrameError when the fields do not fit the message. */
export function parseOpQuery(message: Buffer): LegacyQuery {
  const nameStart = headerBytes + 4;
  const nameEnd = message.indexOf(0, nameStart);
  const documentStart = nameEnd + 1 + 8;
  if (nameEnd === -1 || documentStart + 5 > message.length) throw new FrameError('OP_QUERY cut off');
  const size = message.readInt32LE(documentStart);
  if (size < 5 || documentStart + size > message.length)
    throw new FrameError('OP_QUERY document does not fit');
  try {
    return {
      collection: message.toString('utf8', nameStart, nameEnd),
      query: decodeDocument(message.subarray(documentStart, documentStart + size)),
    };
  } catch (thrown) {
    throw new FrameError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

export function writeOpReply(responseTo: number, requestId: number, document: Document): Buffer {
  const writer = new ReplyWriter();
  writer.offset = headerBytes + 20;
  writer.document(document);
  const bytes = writer.bytes();
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(requestId, 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(opReply, 12);
  bytes.writeInt32LE(0, 16);
  bytes.writeBigInt64LE(0n, 20);
  bytes.writeInt32LE(0, 28);
  bytes.writeInt32LE(1, 32);
  return bytes;
}
