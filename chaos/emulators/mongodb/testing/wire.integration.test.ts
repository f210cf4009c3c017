/** Frames on the wire: checksums, sequences, the legacy handshake, and malformed ones that end their connection only. */
import { serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeDocument } from '../bson/decode.ts';
import { crc32c } from '../wire/crc32c.ts';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';
import { RawClient } from './raw-client.ts';

const opQuery = 2004;
const opMsg = 2013;

function frame(code: number, flags: number, payload: Uint8Array): Buffer {
  const message = Buffer.alloc(20 + payload.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(code, 12);
  message.writeUInt32LE(flags, 16);
  message.set(payload, 20);
  return message;
}

function bodySection(command: Record<string, unknown>): Buffer {
  return Buffer.concat([Buffer.from([0]), serialize({ ...command, $db: 'wire' })]);
}

function sequenceSection(name: string, documents: readonly Record<string, unknown>[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => serialize(document)),
  ]);
  const size = Buffer.alloc(5);
  size[0] = 1;
  size.writeInt32LE(content.length + 4, 1);
  return Buffer.concat([size, content]);
}

describe('the wire protocol of the embedded MongoDB', () => {
  let started: TestServer;

  beforeAll(async () => {
    started = await startTestServer();
  });

  afterAll(() => started[Symbol.asyncDispose]());

  const connect = () => RawClient.connect(started.server.port);

  async function reply(message: Buffer): Promise<Record<string, unknown>> {
    await using raw = await connect();
    return decodeDocument((await raw.exchange(message)).subarray(21));
  }

  it('answers the legacy handshake, and no other legacy query', async () => {
    const query = (command: Record<string, unknown>) =>
      frame(
        opQuery,
        0,
        Buffer.concat([
          Buffer.from('admin.$cmd\0'),
          Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]),
          serialize(command),
        ]),
      );
    await using raw = await connect();
    const hello = decodeDocument((await raw.exchange(query({ isMaster: 1, helloOk: true }))).subarray(36));
    expect(hello).toMatchObject({ ismaster: true, helloOk: true, setName: 'rs0' });
    const refused = decodeDocument((await raw.exchange(query({ ping: 1 }))).subarray(36));
    expect(refused).toMatchObject({ ok: 0, code: 115 });
  });

  it('takes documents from a sequence and checks a checksum', async () => {
    const payload = Buffer.concat([
      bodySection({ insert: 'c' }),
      sequenceSection('documents', [{ _id: 1 }, { _id: 2 }]),
    ]);
    expect(await reply(frame(opMsg, 0, payload))).toMatchObject({ n: 2 });
    const checked = frame(opMsg, 1, Buffer.concat([bodySection({ ping: 1 }), Buffer.alloc(4)]));
    checked.writeUInt32LE(crc32c(checked.subarray(0, -4)), checked.length - 4);
    expect(await reply(checked)).toMatchObject({ ok: { value: 1 } });
    checked.writeUInt32LE(1, checked.length - 4);
    await expect(reply(checked)).rejects.toThrow('connection closed');
  });

  it('knows the checksum of RFC 3720', () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('sends no reply to a write that wants none', async () => {
    await using raw = await connect();
    const silent = frame(
      opMsg,
      2,
      bodySection({ insert: 'silent', documents: [{ _id: 1 }], writeConcern: { w: 0 } }),
    );
    const ping = frame(opMsg, 0, bodySection({ count: 'silent' }));
    const answer = decodeDocument((await raw.exchange(Buffer.concat([silent, ping]))).subarray(21));
    expect(answer).toMatchObject({ n: 1 });
  });

  it('pushes hello replies when the topology changes', async () => {
    await using raw = await connect();
    const first = await raw.command('admin', { hello: 1 });
    const waiting = raw.exchange(
      frame(
        opMsg,
        1 << 16,
        bodySection({ hello: 1, topologyVersion: first['topologyVersion'], maxAwaitTimeMS: 30_000 }),
      ),
    );
    // The driver's own monitor waits in the same way.
    await expect.poll(() => started.server.state.operations.size).toBe(2);
    started.server.state.member.stepDown(100);
    const changed = await waiting;
    expect(changed.readUInt32LE(16)).toBe(2);
    expect(decodeDocument(changed.subarray(21))).toMatchObject({ isWritablePrimary: false, secondary: true });
    const again = decodeDocument((await raw.exchange(Buffer.alloc(0))).subarray(21));
    expect(again).toMatchObject({ isWritablePrimary: true });
  });

  it.each([
    ['a length that is none', Buffer.from([3, 0, 0, 0])],
    ['a length beyond the limit', Buffer.from([0, 0, 0, 127])],
    ['an unknown operation', frame(1, 0, bodySection({ ping: 1 }))],
    ['a compressed message', frame(2012, 0, bodySection({ ping: 1 }))],
    ['a section longer than the message', frame(opMsg, 0, Buffer.from([0, 255, 0, 0, 0, 0]))],
  ])('closes only the connection that sends %s', async (_what, message) => {
    await using other = await connect();
    await expect(reply(message)).rejects.toThrow('connection closed');
    expect(await other.command('admin', { ping: 1 })).toMatchObject({ ok: { value: 1 } });
  });

  it.each([
    ['no $db', frame(opMsg, 0, Buffer.concat([Buffer.from([0]), serialize({ ping: 1 })])), 40571],
    [
      'two bodies',
      frame(opMsg, 0, Buffer.concat([bodySection({ ping: 1 }), bodySection({ ping: 1 })])),
      40430,
    ],
    ['an unknown required flag', frame(opMsg, 4, bodySection({ ping: 1 })), 223],
    [
      'an unknown section',
      frame(opMsg, 0, Buffer.concat([bodySection({ ping: 1 }), Buffer.from([7, 5, 0, 0, 0, 0])])),
      40432,
    ],
  ])('answers %s with an error', async (_what, message, code) => {
    expect(await reply(message)).toMatchObject({ code });
  });
});
