import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorTable, SystemError, throwDamaged, VersionConflictError } from './errors.ts';

describe('errorTable', () => {
  it('is in alphabetical order', () => {
    expect(Object.keys(errorTable)).toEqual(Object.keys(errorTable).toSorted());
  });

  it.each(Object.entries(errorTable).filter(([, { status }]) => status >= 503))(
    '%s tells when to come back',
    (_code, kind) => {
      expect(kind).toHaveProperty('retryAfterSeconds');
    },
  );

  it('is what docs/system-errors.md says', () => {
    const page = readFileSync(new URL('../docs/system-errors.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \|/gm)].map((row) => [
      row[1],
      row[2],
      row[3],
    ]);
    const expected = Object.entries(errorTable).map(([code, { status, definite }]) => [
      code,
      String(status),
      definite ? 'yes' : 'no',
    ]);
    expect(rows).toEqual(expected);
  });
});

describe('SystemError', () => {
  it('takes what it is not told from the table', () => {
    const error = new SystemError('overloaded', 'full');
    expect(error).toMatchObject({ status: 503, definite: true, retryAfterSeconds: 1 });
    expect(new SystemError('overloaded', 'full', { definite: false }).definite).toBe(false);
  });

  it('calls a conflict open when an earlier attempt may have been applied', () => {
    expect(new VersionConflictError('x', true).definite).toBe(false);
    expect(new VersionConflictError('x', false).definite).toBe(true);
  });
});

describe('throwDamaged', () => {
  const damaged = (...names: string[]) => names.map((name) => new SystemError('document_damaged', name));

  it('counts all damaged documents, each once, and names the first five', () => {
    expect(() => throwDamaged(damaged('g1', 'g2', 'g1', 'g3', 'g4', 'g5', 'g6'))).toThrow(
      expect.objectContaining({
        code: 'document_damaged',
        message: '6 documents wait for repair: g1; g2; g3; g4; g5',
      }),
    );
    expect(() => throwDamaged(damaged('g1'))).toThrow('1 document waits for repair: g1');
  });

  it('lets pass when nothing is damaged', () => {
    expect(() => throwDamaged([])).not.toThrow();
  });
});
