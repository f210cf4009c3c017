import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';

describe('diagnose', () => {
  let empty = '';
  beforeEach(() => {
    empty = mkdtempSync(path.join(tmpdir(), 'redcliff-doctor-'));
  });
  afterEach(() => rmSync(empty, { recursive: true, force: true }));

  it('finds everything needed where the tests run', async () => {
    const findings = await diagnose();
    expect(findings.filter(({ state }) => state === 'missing')).toEqual([]);
    const names = findings.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['Node', 'npm packages', 'Redis', 'MongoDB', 'Toxiproxy', 'k6']),
    );
  });

  it('says what is missing in an empty folder, each with its remedy', async () => {
    const environment = { PATH: '', REDCLIFF_REDIS: '/nonexistent', REDCLIFF_MONGO: '/nonexistent' };
    const findings = await diagnose({ root: empty, environment });
    const missing = findings.filter(({ state }) => state === 'missing');
    expect(missing.map(({ name }) => name)).toEqual(['MongoDB', 'Node', 'npm packages', 'Redis']);
    expect(missing.every(({ remedy }) => remedy !== null && remedy !== '')).toBe(true);
  });
});
