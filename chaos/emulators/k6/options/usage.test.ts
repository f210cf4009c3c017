import { expect, test } from 'vitest';
import { asksForHelp, usage } from './usage.ts';

test.each([
  [[], true],
  [['--help'], true],
  [['run', '-h'], true],
  [['run', 'script.ts'], false],
  [['run', '--', '--help'], false],
])('%j asks for help: %s', (words, expected) => {
  expect(asksForHelp(words)).toBe(expected);
});

test('every flag is told, with whether it takes a value', () => {
  expect(usage()).toMatch(/^ {2}--duration, -d VALUE$/m);
  expect(usage()).toMatch(/^ {2}--no-teardown$/m);
});
