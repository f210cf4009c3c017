/** A MongoDB that says yes to everything and remembers it, enough for the driver to run a transaction. */
import type { Socket } from 'node:net';
import { deserialize, serialize, type Document } from 'bson';
import { startUpstream, type Upstream } from './upstream.ts';

export interface FakeMongo extends Upstream {
  /** Names of the executed commands in order, without those of the driver's own monitoring. */
  executed(): string[];
}

const OP_QUERY = 2004;
const OP_MSG = 2013;
const OP_REPLY = 1;
const ownTraffic = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'endSessions']);

export async function startFakeMongo(): Promise<FakeMongo> {
  const names: string[] = [];
  const pending = new Map<Socket, Buffer>();
  const upstream = await startUpstream({
    onData: (socket, data) => {
      let rest = Buffer.concat([pending.get(socket) ?? Buffer.alloc(0), data]);
      while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0));
        rest = rest.subarray(message.length);
        answer(socket, message, names);
      }
      pending.set(socket, rest);
    },
  });
  return Object.assign(upstream, { executed: () => names.filter((name) => !ownTraffic.has(name)) });
}

function answer(socket: Socket, message: Buffer, names: string[]): void {
  const opcode = message.readInt32LE(12);
  const documentAt = opcode === OP_QUERY ? message.indexOf(0, 20) + 9 : 21;
  const length = message.readInt32LE(documentAt);
  const request: Document = deserialize(message.subarray(documentAt, documentAt + length));
  const [name = ''] = Object.keys(request);
  names.push(name);
  const body = Buffer.from(serialize(replyTo(name, socket)));
  const head = Buffer.alloc(16);
  const prefix = opcode === OP_QUERY ? Buffer.alloc(20) : Buffer.alloc(5);
  if (opcode === OP_QUERY) prefix.writeInt32LE(1, 16);
  head.writeInt32LE(16 + prefix.length + body.length, 0);
  head.writeInt32LE(names.length, 4);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(opcode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  socket.write(Buffer.concat([head, prefix, body]));
}

function replyTo(name: string, socket: Socket): Document {
  if (!ownTraffic.has(name)) return { ok: 1, n: 1 };
  const address = `127.0.0.1:${socket.localPort ?? 0}`;
  return {
    ok: 1,
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    setName: 'rs0',
    setVersion: 1,
    hosts: [address],
    primary: address,
    me: address,
    minWireVersion: 0,
    maxWireVersion: 21,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    logicalSessionTimeoutMinutes: 30,
  };
}
