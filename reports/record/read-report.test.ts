import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidence } from '../../scenarios/invariants/testing/literal.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { parseReport, readEvidence, readReport } from './read-report.ts';

const report = syntheticReport([
  syntheticCell({ scenario: 'turns', fault: 'none', seconds: 4, ratePerSecond: 10 }).cell,
]);
const text = JSON.stringify(report);
const failing = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });

describe('reading a report', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives back what was written', async () => {
    const path = join(folder, 'report.json');
    await writeFile(path, text);
    await expect(readReport(path)).resolves.toEqual(report);
  });

  it('says of an older or newer schema which one it is', () => {
    expect(() => parseReport(text.replace('"schemaVersion":2', '"schemaVersion":1'))).toThrow(
      failing('REPORT_OLDER', /schema 1, and this is schema 2/),
    );
    expect(() => parseReport(text.replace('"schemaVersion":2', '"schemaVersion":9'))).toThrow(
      failing('REPORT_NEWER', /schema 9/),
    );
  });

  it('tells a truncated report from a foreign file', () => {
    expect(() => parseReport(text.slice(0, 500))).toThrow(failing('REPORT_TRUNCATED', /cut off/));
    expect(() => parseReport('hello')).toThrow(failing('REPORT_FOREIGN', /not JSON/));
    expect(() => parseReport('{"name":"redcliff"}')).toThrow(failing('REPORT_FOREIGN', /no schemaVersion/));
    expect(() => parseReport('[]')).toThrow(failing('REPORT_FOREIGN', /no schemaVersion/));
  });

  it('names the field that is wrong', () => {
    const wrong = { ...report, cells: report.cells.map((cell) => ({ ...cell, loadStartMs: 'soon' })) };
    expect(() => parseReport(JSON.stringify(wrong))).toThrow(
      failing('REPORT_FOREIGN', /cells\.0\.loadStartMs/),
    );
  });

  it('says which file can not be read', async () => {
    await expect(readReport(join(folder, 'none.json'))).rejects.toThrow(
      failing('FILE_UNREADABLE', /none\.json/),
    );
  });

  it('reads evidence, and knows what is none', async () => {
    const path = join(folder, 'evidence.json');
    await writeFile(path, JSON.stringify(evidence()));
    await expect(readEvidence(path)).resolves.toEqual(evidence());
    await writeFile(path, text);
    await expect(readEvidence(path)).rejects.toThrow(failing('EVIDENCE_FOREIGN', /scenario/));
  });
});
