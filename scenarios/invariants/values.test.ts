import { expect, test } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { valueProblem } from './values.ts';

function operation(f: string, type: Operation['type'], value: Operation['value']): Operation {
  return { process: 1, f, type, value, intendedMs: 0, startedMs: 0, endedMs: 1 };
}

const read = { sessionId: 's1', turn: 3, version: 1, status: 200 };

test('a value of the right form has no problem', () => {
  expect(valueProblem(operation('read-session', 'ok', read))).toBeNull();
});

test('a field of the wrong type is named with its operation', () => {
  expect(valueProblem(operation('read-session', 'ok', { ...read, version: 'x' }))).toMatch(/value\.version/);
  expect(valueProblem(operation('turn', 'info', { sessionId: 's1', turn: null, status: 0 }))).toMatch(
    /value\.turn/,
  );
});

test('an operation that did not end ok needs only what was attempted', () => {
  expect(valueProblem(operation('read-session', 'fail', { sessionId: 's1', status: 503 }))).toBeNull();
});

test('an operation of an unknown kind is refused by name, for nothing would judge it', () => {
  expect(valueProblem(operation('dance', 'ok', { steps: [] }))).toBe(
    'f: "dance" is no operation of the game',
  );
});
