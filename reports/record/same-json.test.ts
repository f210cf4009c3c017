import { describe, expect, it } from 'vitest';
import { sameJson } from './same-json.ts';

describe('equality of JSON', () => {
  it.each([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: undefined }, {}, false],
    [[1, 2], [2, 1], false],
    [{ 0: 1 }, [1], false],
    [null, {}, false],
    ['1', 1, false],
  ])('%j and %j: %s', (left, right, same) => {
    expect(sameJson(left, right)).toBe(same);
  });
});
