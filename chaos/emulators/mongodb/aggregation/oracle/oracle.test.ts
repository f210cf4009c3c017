/** Drawn expressions against an evaluation that was written apart from the server's. */
import { describe, expect, it } from 'vitest';
import { runOracle } from './campaign.ts';

const cases = Number(process.env['REDCLIFF_ORACLE_CASES'] ?? '6000');

describe('expressions', () => {
  it('compute what the oracle computes', { timeout: 60_000 + cases * 5 }, () => {
    const report = runOracle(cases, 'expressions');
    expect(report.wrong).toEqual([]);
    expect(report.operators.size).toBeGreaterThan(70);
  });
});
