/** The answer of a store that refuses a command, made by the proxy instead of the store, and what the store is sent in place of the command. */
import { z } from 'zod';
import { bsonDocument } from './protocol/bson-document.ts';
import { HEADER_BYTES, OP_MSG } from './protocol/mongo-messages.ts';

/** `message` is for people; clients decide by `code`: a word of Redis (`READONLY`, `OOM`), a number of MongoDB (112). */
export const storeErrorSchema = z.strictObject({
  code: z.union([z.string().regex(/^[A-Z]+$/, 'a word in capitals, or a number of MongoDB'), z.int().min(1)]),
  message: z
    .string()
    .min(1)
    .max(1000)
    .regex(/^[^\r\n]*$/, 'one line'),
  /** MongoDB: such as WriteConflict. */
  codeName: z.string().optional(),
  /** MongoDB: such as TransientTransactionError or RetryableWriteError. */
  labels: z.array(z.string()).default([]),
  /** MongoDB: state of the server, as its `hello` tells it; a driver that knows this state already stays with the server. */
  topologyVersion: z
    .strictObject({
      processId: z.string().regex(/^[\da-f]{24}$/i, '24 hexadecimal digits'),
      counter: z.int().min(0),
    })
    .optional(),
  /** MongoDB: the whole command failed, or the write of its first document. */
  as: z.enum(['command', 'write']).default('command'),
});
export type StoreError = z.output<typeof storeErrorSchema>;

/** Unknown to every Redis, so that it has no effect, takes a place in the order of replies and fails a MULTI as a refused command does. */
export const redisNothing = Buffer.from('*1\r\n$16\r\nREDCLIFF.REFUSED\r\n');

export function redisRefusal({ code, message }: StoreError): Buffer {
  return Buffer.from(`-${code} ${message}\r\n`);
}

/** A ping under the number of the command that it stands for. */
export function mongoNothing(requestId: number): Buffer {
  return opMsg(requestId, 0, bsonDocument({ ping: 1, $db: 'admin' }));
}

export function mongoRefusal(requestId: number, error: StoreError): Buffer {
  const { message, codeName, labels, as, topologyVersion } = error;
  const code = Number(error.code);
  const named = codeName === undefined ? {} : { codeName };
  const labelled = labels.length === 0 ? {} : { errorLabels: labels };
  const state =
    topologyVersion === undefined
      ? {}
      : {
          topologyVersion: {
            processId: Buffer.from(topologyVersion.processId, 'hex'),
            counter: BigInt(topologyVersion.counter),
          },
        };
  const document =
    as === 'command'
      ? { ok: 0, errmsg: message, code, ...named, ...labelled, ...state }
      : {
          ok: 1,
          n: 0,
          nModified: 0,
          writeErrors: [{ index: 0, code, ...named, errmsg: message }],
          ...labelled,
        };
  return opMsg(0, requestId, bsonDocument(document));
}

function opMsg(requestId: number, responseTo: number, document: Buffer): Buffer {
  // Flags and the kind of the one section, all 0.
  const prefix = Buffer.alloc(5);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + prefix.length + document.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([header, prefix, document]);
}
