/** Replies read by the library are what was written. */
import {
  Binary,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  deserialize,
  serialize,
} from 'bson';
import { describe, expect, it } from 'vitest';
import { RawDocument, ReplyWriter } from './reply-writer.ts';

function written(document: Record<string, unknown>): Buffer {
  const writer = new ReplyWriter(16);
  writer.document(document);
  return writer.bytes();
}

describe('the reply writer', () => {
  it('writes every kind of value as the library does', () => {
    const document = {
      a: 1,
      b: 1.5,
      c: -0,
      d: 2 ** 40,
      e: 'text \u{1F525}',
      f: true,
      g: null,
      h: new Date(1234),
      i: [1, 'x', [null], { y: 1 }],
      j: { k: { l: 'deep' } },
      m: new ObjectId('0123456789abcdef01234567'),
      n: Long.fromString('-9007199254740993'),
      o: new Timestamp({ t: 7, i: 8 }),
      p: new Double(3),
      q: new Int32(4),
      r: Decimal128.fromString('1.50'),
      s: new Binary(Buffer.from('bytes'), 4),
      t: new Binary(Buffer.from('old'), 2),
      u: new MinKey(),
      v: new MaxKey(),
      w: new Code('f'),
    };
    expect(written(document).equals(Buffer.from(serialize(document)))).toBe(true);
  });

  it('splices documents in as they are', () => {
    const raw = serialize({ x: 1 });
    expect(
      deserialize(written({ list: [new RawDocument(raw), new RawDocument(raw)], one: new RawDocument(raw) })),
    ).toEqual({
      list: [{ x: 1 }, { x: 1 }],
      one: { x: 1 },
    });
  });

  it('leaves out what is undefined, and writes 64-bit integers from bigints', () => {
    expect(deserialize(written({ a: undefined, b: 5n }), { promoteLongs: false })).toEqual({
      b: Long.fromNumber(5),
    });
  });
});
