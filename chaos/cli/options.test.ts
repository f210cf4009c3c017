import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseWholeNumber } from './options.ts';

test.each([
  ['1', {}, 1],
  ['0', { least: 0 }, 0],
  ['999999', {}, 999_999],
  ['99', { most: 99 }, 99],
])('%s is taken within %j', (text, range, expected) => {
  expect(parseWholeNumber('--times', text, { ...range, example: 6 })).toBe(expected);
});

test.each([
  ['0', {}, 'of at least 1'],
  ['1', { least: 2, most: 9_999 }, 'from 2 to 9999'],
  ['100', { most: 99 }, 'from 1 to 99'],
  ['-1', { least: 0, most: 999 }, 'from 0 to 999'],
  ['01', {}, 'of at least 1'],
  ['1.5', {}, 'of at least 1'],
  ['1e3', {}, 'of at least 1'],
  ['', { least: 0 }, 'of at least 0'],
  ['9007199254740993', {}, 'of at least 1'],
])('"%s" is refused outside of %j', (text, range, words) => {
  const parse = () => parseWholeNumber('--times', text, { ...range, example: 6 });
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(`--times "${text}" is not a whole number ${words}`);
});
