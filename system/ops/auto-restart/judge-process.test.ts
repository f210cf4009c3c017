import { describe, expect, it } from 'vitest';
import { countErrors, reasonToRestart } from './judge-process.ts';

const limits = { errors: 10, memoryBytes: 1_536 * 2 ** 20 };
const errorAt = (time: number, level = 50) => JSON.stringify({ level, time, msg: 'x' });
const small = { memoryBytes: 0, logLines: [], sinceMs: 0 };

describe('reasonToRestart', () => {
  it('is memory at the limit, not below it', () => {
    expect(reasonToRestart({ ...small, memoryBytes: limits.memoryBytes - 1 }, limits)).toBeUndefined();
    expect(reasonToRestart({ ...small, memoryBytes: limits.memoryBytes }, limits)).toBe('1536 MiB of memory');
  });

  it('is ten errors, not nine', () => {
    const logLines = Array.from({ length: 9 }, () => errorAt(100));
    expect(reasonToRestart({ ...small, logLines, sinceMs: 100 }, limits)).toBeUndefined();
    const more = [...logLines, errorAt(100, 60)];
    expect(reasonToRestart({ ...small, logLines: more, sinceMs: 100 }, limits)).toBe(
      '10 errors in the last minute',
    );
  });
});

describe('countErrors', () => {
  it('does not count warnings, older lines, or lines that are not JSON', () => {
    const lines = [errorAt(99), errorAt(100, 40), 'Error: at …', '{"level":50', '', errorAt(101)];
    expect(countErrors(lines, 100)).toBe(1);
  });
});
