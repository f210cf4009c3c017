/** Bodies are read as Go reads them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber, JsonObject, JsonSyntaxError, readFirstJsonValue, type JsonValue } from './json-text.ts';

function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (value instanceof JsonObject)
    return Object.fromEntries(value.members.map(([name, member]) => [name, plain(member)]));
  if (Array.isArray(value)) return value.map((item: JsonValue) => plain(item));
  return value;
}

describe('readFirstJsonValue', () => {
  it('reads whatever JSON.stringify writes', () => {
    const property = fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
      expect(plain(readFirstJsonValue(` ${text}\n,garbage`))).toEqual(JSON.parse(text));
    });
    fc.assert(property, { seed: 1 });
  });

  it('either reads a text or throws a JsonSyntaxError, and accepts nothing that JSON.parse refuses', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'{}[]":,\\ truefalsn0123.eE+-u\n\t') }),
      fc.string({ unit: 'binary' }),
    );
    const property = fc.property(text, (given) => {
      const outcome = attempt(() => plain(readFirstJsonValue(given)));
      const prefixes = Array.from({ length: given.length }, (_, index) => given.slice(0, index + 1));
      const accepted = prefixes.map((prefix) => attempt((): unknown => JSON.parse(prefix)));
      expect([
        ...accepted.filter(({ error }) => error === undefined),
        { error: 'JsonSyntaxError' },
      ]).toContainEqual(outcome);
    });
    fc.assert(property, { seed: 2, numRuns: 2000 });
  });

  it.each([
    ['', 'EOF'],
    [' \n', 'EOF'],
    ['{', 'unexpected EOF'],
    ['{"a":', 'unexpected EOF'],
    ['"abc', 'unexpected EOF'],
    ['tru', 'unexpected EOF'],
    ['{not json', "invalid character 'n' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[,]', "invalid character ',' looking for beginning of value"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ["'", "invalid character '\\'' looking for beginning of value"],
  ])('refuses %j in the words of Go', (text, message) => {
    expect(() => readFirstJsonValue(text)).toThrow(new JsonSyntaxError(message));
  });

  it('survives deep nesting', () => {
    expect(() => readFirstJsonValue('['.repeat(1_000_000))).toThrow('exceeded max depth');
    expect(readFirstJsonValue(`${'['.repeat(5000)}${']'.repeat(5000)}`)).toHaveLength(1);
  });
});

function attempt(read: () => unknown): { value?: unknown; error?: string } {
  try {
    return { value: read() };
  } catch (error) {
    return { error: error instanceof Error ? error.name : String(error) };
  }
}
