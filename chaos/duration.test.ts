import { expect, test } from 'vitest';
import { parseDurationMs } from './duration.ts';

test.each([
  ['20', 20_000],
  ['20s', 20_000],
  ['1500ms', 1_500],
  ['2m', 120_000],
  ['1.5h', 5_400_000],
])('%s is %d ms', (text, durationMs) => {
  expect(parseDurationMs('--duration', text)).toBe(durationMs);
});

test.each(['-5s', '0', '', 'soon', '5 parsecs', 's'])('"%s" is refused, naming the field', (text) => {
  expect(() => parseDurationMs('--duration', text)).toThrow(/--duration/);
});
