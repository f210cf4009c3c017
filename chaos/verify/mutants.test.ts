import { describe, expect, it } from 'vitest';
import type { Cell } from '../../reports/record/report.ts';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import type { Mutant } from '../api/mutant.ts';
import { exitOfMutants, judgeClean, judgeMutant, renderMutants } from './mutants.ts';

const mutant: Mutant = {
  name: 'planted',
  title: 'Something is wrong',
  edits: [{ file: 'cache.ts', find: 'right', replace: 'wrong' }],
  scenario: 'reads',
  fault: 'redis-down',
  breaks: ['I11', 'I15'],
};
const base = syntheticCell({ scenario: 'reads', fault: 'redis-down', seconds: 3, ratePerSecond: 5 }).cell;
const plain: Cell = { ...base, verdicts: [], thresholds: [], loadStartMs: 0, endedMs: 9_000 };
const failed: Cell = { ...plain, harnessError: 'the disk is full' };

type Verdicts = Readonly<Record<string, 'false' | 'true' | 'unknown'>>;

function cell(verdicts: Verdicts, changes: Partial<Cell> = {}): Cell {
  return {
    ...plain,
    verdicts: Object.entries(verdicts).map(([invariant, verdict]) => ({
      invariant,
      title: invariant,
      verdict,
      reason: `because of ${invariant}`,
      witnesses: verdict === 'false' ? [{ summary: `see ${invariant}`, operations: [], facts: {} }] : [],
    })),
    ...changes,
  };
}

describe('a mutant', () => {
  it('is caught when everything it claims was found violated, with a witness', () => {
    const outcome = judgeMutant(mutant, cell({ I11: 'false', I15: 'false', I16: 'true' }));
    expect(outcome).toMatchObject({ result: 'caught', detectionMs: 9_000, summary: 'see I11; see I15' });
  });

  it('is missed when one claim was not found, or could not be decided, or was not judged', () => {
    for (const second of [{ I15: 'true' }, { I15: 'unknown' }, {}] satisfies Verdicts[]) {
      const outcome = judgeMutant(mutant, cell({ I11: 'false', ...second }));
      expect(outcome).toMatchObject({ result: 'missed', detectionMs: null });
      expect(outcome.summary).toMatch(/^I15: /);
    }
  });

  it('is not caught by a violation without a witness', () => {
    const [verdict] = cell({ I11: 'false' }).verdicts;
    const bare = { ...cell({}), verdicts: verdict === undefined ? [] : [{ ...verdict, witnesses: [] }] };
    expect(judgeMutant({ ...mutant, breaks: ['I11'] }, bare).result).toBe('missed');
  });

  it('may claim that the target does not recover', () => {
    const lost = { ...mutant, breaks: ['recovery'] };
    const threshold = { metric: 'recovery', expression: 'time<=15000ms' };
    const never = cell({}, { thresholds: [{ ...threshold, verdict: 'false' }] });
    expect(judgeMutant(lost, never)).toMatchObject({ result: 'caught' });
    const soon = cell({}, { thresholds: [{ ...threshold, verdict: 'true' }], recoveryMs: 400 });
    expect(judgeMutant(lost, soon)).toMatchObject({ result: 'missed' });
  });

  it('that claims nothing is caught by anything that is found', () => {
    const unseen = { ...mutant, breaks: [], notJudged: 'logs are not judged' };
    expect(judgeMutant(unseen, cell({ I11: 'true', I15: 'false' }))).toMatchObject({
      result: 'caught',
      summary: 'see I15',
    });
    expect(judgeMutant(unseen, cell({ I11: 'true' }))).toMatchObject({
      result: 'missed',
      summary: 'not judged: logs are not judged',
    });
  });

  it('is neither when the harness failed', () => {
    expect(judgeMutant(mutant, failed)).toMatchObject({ result: 'failed', summary: 'the disk is full' });
  });
});

describe('a cell without its mutant', () => {
  it('holds when nothing is violated, and nothing is undecided', () => {
    expect(judgeClean(mutant, cell({ I11: 'true', I15: 'true' })).result).toBe('held');
    expect(judgeClean(mutant, cell({ I11: 'true', I15: 'false' })).result).toBe('accused');
    expect(judgeClean(mutant, cell({ I11: 'true', I15: 'unknown' })).result).toBe('undecided');
    expect(judgeClean(mutant, cell({ I11: 'false', I15: 'unknown' })).result).toBe('accused');
    expect(judgeClean(mutant, failed).result).toBe('failed');
  });
});

describe('a campaign', () => {
  const caught = judgeMutant(mutant, cell({ I11: 'false', I15: 'false' }));
  const missed = judgeMutant(mutant, cell({ I11: 'false', I15: 'true' }));
  const broken = judgeMutant(mutant, failed);

  it('succeeds only when all were caught, and tells a missed one from a failure of the harness', () => {
    expect(exitOfMutants([caught, caught])).toBe(0);
    expect(exitOfMutants([caught, missed])).toBe(1);
    expect(exitOfMutants([missed, broken])).toBe(1);
    expect(exitOfMutants([caught, broken])).toBe(70);
    expect(exitOfMutants([])).toBe(70);
  });

  it('says at which try a mutant was caught', () => {
    const later = judgeMutant(mutant, cell({ I11: 'false', I15: 'false' }), 3);
    const text = renderMutants([caught, later]);
    expect(text).toMatch(/caught {2}3 {4}9\.0 s/);
    expect(text).toContain('2 of 2 mutants caught, 1 of them at the first try');
  });

  it('without the mutants tells what was not decided from what was accused', () => {
    const clean = (...verdicts: ('false' | 'true' | 'unknown')[]) =>
      exitOfMutants(verdicts.map((verdict) => judgeClean(mutant, cell({ I11: verdict }))));
    expect(clean('true')).toBe(0);
    expect(clean('true', 'unknown')).toBe(2);
    expect(clean('unknown', 'false')).toBe(1);
  });

  it('prints one line for each, a missed one in capitals', () => {
    const lines = renderMutants([caught, missed]).split('\n');
    expect(lines[2]).toMatch(
      /^planted {2}reads × redis-down {2}I11 I15 {4}caught {2}1 {4}9\.0 s {2}see I11; see I15$/,
    );
    expect(lines[3]).toContain('MISSED');
    expect(lines.at(-1)).toBe('1 of 2 mutants caught, 1 of them at the first try');
  });
});
