/** Answers look as Go's encoder writes them. */
import { describe, expect, it } from 'vitest';
import { renderFloat32, renderString } from './render.ts';

describe('renderFloat32', () => {
  it.each([
    [1, '1'],
    [0.5, '0.5'],
    [0.1, '0.1'],
    [0.123456789, '0.12345679'],
    [-1, '-1'],
    [7, '7'],
    [0, '0'],
    [16_777_217, '16777216'],
  ])('writes %d shortly', (value, text) => {
    expect(renderFloat32(Math.fround(value))).toBe(text);
  });

  it('writes what reads back as the same 32-bit float', () => {
    for (let index = 1; index < 2000; index += 1) {
      const value = Math.fround(index / 1999);
      expect(Math.fround(Number(renderFloat32(value)))).toBe(value);
    }
  });
});

describe('renderString', () => {
  it('escapes what HTML would take for markup', () => {
    expect(renderString('<a & "b">\u2028')).toBe('"\\u003ca \\u0026 \\"b\\"\\u003e\\u2028"');
  });
});
