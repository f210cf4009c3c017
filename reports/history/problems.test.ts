import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.ts';
import { historyProblems } from './problems.ts';

const at = (process: number, type: Operation['type'], startedMs: number, endedMs: number): Operation => ({
  process,
  f: 'train',
  type,
  value: {},
  intendedMs: startedMs,
  startedMs,
  endedMs,
});

describe('problems of a history', () => {
  it('finds nothing wrong with processes that do one thing at a time', () => {
    expect(
      historyProblems([at(1, 'ok', 0, 5), at(2, 'ok', 1, 9), at(1, 'fail', 5, 7), at(2, 'info', 9, 10)]),
    ).toEqual([]);
  });

  it('sees a process that goes on after info, whatever the order of the lines', () => {
    expect(historyProblems([at(1, 'ok', 20, 25), at(1, 'info', 0, 5)])).toEqual([
      'train of process 1 at 20 ms follows train of process 1 at 0 ms, which ended info: the process must not go on',
    ]);
  });

  it('sees a process that does two things at once', () => {
    expect(historyProblems([at(1, 'ok', 0, 5), at(1, 'ok', 4, 8)])).toHaveLength(1);
  });

  it('sees an end before its start', () => {
    expect(historyProblems([at(1, 'ok', 10, 5)])).toEqual([
      'train of process 1 at 10 ms ended 5 ms before it started',
    ]);
  });

  it('sees a line that is there twice, and one that was cut off', () => {
    expect(historyProblems([at(1, 'ok', 0, 5), at(1, 'ok', 0, 5)])).toEqual([
      'the line of train of process 1 at 0 ms is there twice',
    ]);
    expect(historyProblems([], 7)).toEqual(['it ends in the middle of line 7']);
  });
});
