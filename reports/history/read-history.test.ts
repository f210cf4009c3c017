import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHistory, readHistory } from './read-history.ts';

const line = (changes: Record<string, unknown> = {}, value: Record<string, unknown> = {}) =>
  JSON.stringify({
    process: 1,
    f: 'read-session',
    type: 'ok',
    value: { sessionId: 's1', turn: 0, version: 1, status: 200, ...value },
    intendedMs: 1,
    startedMs: 2,
    endedMs: 3,
    ...changes,
  });

describe('reading a history', () => {
  it('reads each line as an operation and passes over empty ones', () => {
    const history = parseHistory([line(), '', line({ process: 2 }), '']);
    expect(history.operations.map(({ process }) => process)).toEqual([1, 2]);
    expect(history.truncatedAtLine).toBeNull();
  });

  it('leaves a truncated last line out and says so', () => {
    const history = parseHistory([line(), line().slice(0, 40)]);
    expect(history.operations).toHaveLength(1);
    expect(history.truncatedAtLine).toBe(2);
  });

  it('names line and field of what is no operation', () => {
    expect(() => parseHistory([line(), line({ type: 'maybe' })])).toThrow(/history line 2: type: /);
    expect(() => parseHistory([line({ endedMs: '3' })])).toThrow(/line 1: endedMs: /);
    expect(() => parseHistory(['[1]', line()])).toThrow(/line 1: line: /);
  });

  it('names the line of a value that the target finds wrong', () => {
    const check = ({ value }: { value: Readonly<Record<string, unknown>> }) =>
      value['version'] === 'x' ? 'value.version: is not a number' : null;
    expect(parseHistory([line()], 'history', check).operations).toHaveLength(1);
    expect(() => parseHistory([line(), line({}, { version: 'x' })], 'history', check)).toThrow(
      /line 2: value\.version: is not a number/,
    );
  });

  it('does not take a cut line in the middle for a truncated end', () => {
    expect(() => parseHistory([line().slice(0, 40), line()])).toThrow(/line 1: not JSON/);
  });

  it('does not take a foreign file for a truncated history', () => {
    expect(() => parseHistory(['hello'])).toThrow(
      expect.objectContaining({ code: 'HISTORY_DAMAGED', exitStatus: 64 }),
    );
  });

  it('reads a file, and says which it can not read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'history-'));
    try {
      const path = join(folder, 'history.ndjson');
      await writeFile(path, `${line()}\n${line()}\n{"proc`);
      await expect(readHistory(path)).resolves.toMatchObject({ truncatedAtLine: 3 });
      await writeFile(path, `{}\n`);
      await expect(readHistory(path)).rejects.toThrow(`${path} line 1: process: `);
      await expect(readHistory(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
