/** Results of suites are read and compared with the list of known differences both ways. */
import { describe, expect, it } from 'vitest';
import { compareResults, readKnownDifferences } from './differences.ts';
import { parseMochaStream, parseTap, parseVitest } from './results.ts';
import { suites } from './suites.ts';

describe('results of peers', () => {
  it('are read from each kind of report', () => {
    const mocha = [
      'noise',
      '["start",{"total":2}]',
      '["pass",{"fullTitle":"a"}]',
      '["fail",{"fullTitle":"b","err":"why"}]',
      '["end",{"pending":1}]',
    ].join('\n');
    expect(parseMochaStream(mocha).map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'skipped']);
    expect(parseTap('ok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP').map(({ outcome }) => outcome)).toEqual([
      'passed',
      'failed',
      'skipped',
    ]);
    const report = { testResults: [{ assertionResults: [{ fullName: 'a', status: 'passed' }] }] };
    expect(parseVitest(JSON.stringify(report))).toEqual([{ name: 'a', outcome: 'passed', message: '' }]);
  });

  it('tell failures that are not in the list, and entries of the list that fail no more', () => {
    const results = parseTap('ok 1 - a\nnot ok 2 - b of c\nnot ok 3 - d');
    expect(compareResults(results, { 'b of': 'reason', gone: 'reason' })).toMatchObject({
      passed: 1,
      runnable: 2,
      unexpectedFailures: [{ name: 'd' }],
      outdated: ['gone'],
    });
  });

  it('are compared with a list for each suite', () => {
    const { tests } = readKnownDifferences();
    for (const suite of Object.keys(suites)) expect(Object.keys(tests)).toContain(suite);
  });
});
