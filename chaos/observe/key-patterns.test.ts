import { expect, test } from 'vitest';
import { keyMatcher } from './key-patterns.ts';

test.each([
  ['cart:*', 'cart:42', true],
  ['cart:*', 'cart:', true],
  ['cart:*', 'my:cart:42', false],
  ['h?llo', 'hello', true],
  ['h?llo', 'hllo', false],
  ['h[ae]llo', 'hallo', true],
  ['h[^e]llo', 'hello', false],
  ['h[a-c]llo', 'hbllo', true],
  ['a.b', 'axb', false],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['*:lock:*', 'x:lock:y\nz', true],
])('the pattern %s and the key %s: %s', (pattern, key, matches) => {
  expect(keyMatcher([pattern])(key)).toBe(matches);
});

test('without patterns every key belongs to the target, but those of the harness', () => {
  expect(keyMatcher(undefined)('anything')).toBe(true);
  expect(keyMatcher(undefined)('redcliff:owner')).toBe(false);
  expect(keyMatcher(['*'])('redcliff:owner')).toBe(false);
});
