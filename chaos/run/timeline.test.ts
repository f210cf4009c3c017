import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import { describePlanned, parseTimeline, readTimeline } from './timeline.ts';

const { faults } = samplePlanning;

const slow = {
  fault: 'redis-slow',
  applyAtMs: 1_000,
  healAtMs: 3_000,
  parameters: { latencyMs: 50, jitterMs: 5 },
};
const down = { fault: 'mongo-down', applyAtMs: 2_000, healAtMs: 4_000 };

test('a list of faults is taken as it stands; a fault without parameters needs none', () => {
  expect(parseTimeline(JSON.stringify([slow, down]), 'mine.json', faults).map(describePlanned)).toEqual([
    slow,
    { ...down, parameters: {} },
  ]);
});

test.each([
  ['no JSON', '[{', /is not JSON/],
  ['no list', '{}', /the list: .*array/],
  ['an empty list', '[]', /the list: must hold at least one fault/],
  [
    'an unknown fault',
    [{ ...down, fault: 'mongo-up' }],
    /\[0\]\.fault: "mongo-up" does not exist; faults: .*mongo-down/,
  ],
  ['a negative time', [{ ...down, applyAtMs: -1 }], /\[0\]\.applyAtMs: /],
  ['a time with a fraction', [slow, { ...down, applyAtMs: 2_000.5 }], /\[1\]\.applyAtMs: /],
  ['a missing time', [{ fault: 'mongo-down', applyAtMs: 1 }], /\[0\]\.healAtMs: /],
  [
    'an end before the beginning',
    [{ ...down, healAtMs: 2_000 }],
    /\[0\]\.healAtMs: must be later than applyAtMs 2000/,
  ],
  ['an unknown field', [{ ...down, until: 9 }], /\[0\]: .*until/],
  [
    'parameters of another fault',
    [{ ...down, parameters: { latencyMs: 3 } }],
    /\[0\]\.parameters: .*latencyMs/,
  ],
  ['missing parameters', [{ ...slow, parameters: { latencyMs: 3 } }], /\[0\]\.parameters\.jitterMs: /],
  [
    'two faults that conflict',
    [slow, { ...down, fault: 'redis-down' }],
    /\[1\]\.applyAtMs: redis-down conflicts with redis-slow of \[0\], which is not healed yet at 2000 ms/,
  ],
  [
    'the same in another order',
    [{ ...down, fault: 'redis-down' }, slow],
    /\[0\]\.applyAtMs: redis-down conflicts with redis-slow of \[1\]/,
  ],
])('%s is refused with the field', (_, timeline, message) => {
  const text = typeof timeline === 'string' ? timeline : JSON.stringify(timeline);
  const refusal = refusalOf(() => parseTimeline(text, 'mine.json', faults));
  expect(refusal.message).toMatch(message);
  expect(refusal.message).toContain('mine.json');
  expect(refusal.hint).toContain('redis-slow');
});

test('a file that is not there is refused by its name', async () => {
  await expect(readTimeline('/nowhere/timeline.json', faults)).rejects.toThrow(UsageError);
  await expect(readTimeline('/nowhere/timeline.json', faults)).rejects.toThrow(
    /"\/nowhere\/timeline\.json" cannot be read/,
  );
});

function refusalOf(parse: () => unknown): UsageError {
  try {
    parse();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('the timeline was accepted');
}
