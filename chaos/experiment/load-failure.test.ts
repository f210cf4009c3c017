import { expect, it } from 'vitest';
import { endedBadly, endedTooLate } from './load-failure.ts';

/** A generator that wrote so many lines. */
const generator = (lines: number) => ({
  logFile: '/runs/1/logs/k6.log',
  lastLines: (count = 12) => Array.from({ length: lines }, (_, index) => `line ${index + 1}`).slice(-count),
});

it('says how the load generator ended, where its whole log is, and its last twenty lines', () => {
  const { message } = endedBadly(generator(30), { status: 107, signal: null, expected: false });
  const [first, ...rest] = message.split('\n');
  expect(first).toBe(
    'the load generator ended with status 107; its whole log is /runs/1/logs/k6.log, and ends with',
  );
  expect(rest).toHaveLength(20);
  expect([rest.at(0), rest.at(-1)]).toEqual(['  | line 11', '  | line 30']);
});

it('names the signal, and says when nothing was written', () => {
  const { message } = endedBadly(generator(0), { status: null, signal: 'SIGKILL', expected: false });
  expect(message).toBe('the load generator ended with SIGKILL; its log /runs/1/logs/k6.log is empty');
});

it('shows as much of one that did not end', () => {
  expect(endedTooLate(generator(1), 500).message).toBe(
    'the load generator did not end within 500 ms; its whole log is /runs/1/logs/k6.log, and ends with\n  | line 1',
  );
});
