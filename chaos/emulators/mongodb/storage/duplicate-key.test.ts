import { Binary, Double, Long, ObjectId, Timestamp, UUID } from 'bson';
import { describe, expect, it } from 'vitest';
import { duplicateKeyError, shellText } from './duplicate-key.ts';

describe('duplicateKeyError', () => {
  it("speaks in MongoDB's words", () => {
    const spec = { name: 'a_1_b.c_-1', key: { a: 1, 'b.c': -1 }, unique: true, sparse: false } as const;
    const error = duplicateKeyError('db.things', spec, [1, 'x']);
    expect(error).toMatchObject({
      code: 11000,
      codeName: 'DuplicateKey',
      message:
        'E11000 duplicate key error collection: db.things index: a_1_b.c_-1 dup key: { a: 1, b.c: "x" }',
      fields: { keyPattern: { a: 1, 'b.c': -1 }, keyValue: { a: 1, 'b.c': 'x' } },
    });
  });
});

describe('shellText', () => {
  it.each([
    [null, 'null'],
    ['a"b\\', '"a\\"b\\\\"'],
    [1, '1'],
    [1.5, '1.5'],
    [2 ** 40, '1099511627776.0'],
    [new Double(3), '3.0'],
    [Long.fromNumber(7), '7'],
    [true, 'true'],
    [new Date(5), 'new Date(5)'],
    [new ObjectId('0123456789abcdef01234567'), "ObjectId('0123456789abcdef01234567')"],
    [new UUID('00112233-4455-6677-8899-aabbccddeeff'), 'UUID("00112233-4455-6677-8899-aabbccddeeff")'],
    [new Binary(Buffer.from([1, 171]), 0), 'BinData(0, 01AB)'],
    [new Timestamp({ t: 1, i: 2 }), 'Timestamp(1, 2)'],
    [{ a: [1, {}], b: [] }, '{ a: [ 1, {} ], b: [] }'],
  ])('prints %j as %s', (value, text) => {
    expect(shellText(value)).toBe(text);
  });
});
