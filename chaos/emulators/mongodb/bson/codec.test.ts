import { deserialize, Double, Long, serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from './decode.ts';
import { findElement, skipValue } from './element.ts';
import { encodeDocument } from './encode.ts';
import { InvalidBsonError } from './errors.ts';
import { anyDocument } from './testing/bson-arbitrary.ts';

function attempt(bytes: Uint8Array): string {
  try {
    return typeof decodeDocument(bytes) === 'object' ? 'decoded' : 'something else';
  } catch (error) {
    return error instanceof InvalidBsonError ? 'refused' : String(error);
  }
}

describe('encodeDocument', () => {
  it('writes the bytes that the bson package writes', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(Buffer.from(encodeDocument(document)).equals(serialize(document))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses what BSON does not have', () => {
    expect(() => encodeDocument({ f: () => 1 })).toThrow(InvalidBsonError);
    expect(() => encodeDocument({ 'a\0b': 1 })).toThrow(InvalidBsonError);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(() => encodeDocument(circular)).toThrow('nested deeper');
  });
});

describe('decodeDocument', () => {
  it('gives a document that encodes to the same bytes', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const bytes = Buffer.from(serialize(document));
        expect(Buffer.from(encodeDocument(decodeDocument(bytes))).equals(bytes)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps the place of integer-like names', () => {
    const fields: [string, unknown][] = [
      ['b', 1],
      ['10', { z: 1, '0': 2 }],
      ['2', 3],
    ];
    const bytes = Buffer.from(serialize(new Map(fields)));
    const document = decodeDocument(bytes);
    expect(Buffer.from(encodeDocument(document)).equals(bytes)).toBe(true);
    expect(Buffer.from(encodeDocument({ ...document, a: 1 })).includes(bytes.subarray(4, -1))).toBe(true);
  });

  it('keeps int32, int64 and double apart', () => {
    const document = decodeDocument(
      serialize({ a: 1, b: new Double(1), c: Long.ONE, d: 1.5, e: -0, f: 2 ** 40 }),
    );
    expect(document).toEqual({ a: 1, b: new Double(1), c: Long.ONE, d: 1.5, e: -0, f: 2 ** 40 });
  });

  it('does not let a field set the prototype', () => {
    const document = decodeDocument(serialize(new Map([['__proto__', { polluted: true }]])));
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(Object.hasOwn(document, '__proto__')).toBe(true);
  });

  it('answers every cut or changed document with a value or InvalidBsonError', () => {
    fc.assert(
      fc.property(anyDocument, fc.nat(), fc.nat(255), fc.boolean(), (document, position, byte, isCut) => {
        const bytes = Buffer.from(serialize(document));
        const at = position % bytes.length;
        if (!isCut) bytes[at] = byte;
        const damaged = isCut ? bytes.subarray(0, at) : bytes;
        expect(['decoded', 'refused']).toContain(attempt(damaged));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('findElement', () => {
  it('finds each field where the decoder finds it', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const bytes = Buffer.from(serialize(document));
        for (const name of Object.keys(deserialize(bytes))) {
          const encodedName = Buffer.from(name);
          const at = findElement(bytes, 0, encodedName);
          expect(bytes.subarray(at + 1, at + 1 + encodedName.length).equals(encodedName)).toBe(true);
          expect(skipValue(bytes, bytes[at] ?? 0, at + 2 + encodedName.length)).toBeLessThan(bytes.length);
        }
        expect(findElement(bytes, 0, Buffer.from('absent'))).toBe(-1);
      }),
      { numRuns: 500 },
    );
  });
});
