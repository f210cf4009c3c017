import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../reports/record/report.ts';
import { failedCell } from '../../experiment/failed-cell.ts';
import type { Defect } from '../defect.ts';
import { planDefectCell } from '../defect-cell.ts';
import { exitOfSelftest, judgeClean, judgeDefect, renderOutcomes } from './outcome.ts';

const defect: Defect = {
  name: 'planted',
  title: 'Something is wrong',
  replaces: 'cache/cache.ts',
  scenario: 'reads',
  outage: 'redis-down',
  breaks: ['I11', 'I15'],
};
const plan = planDefectCell(defect, 'seed');
const failed = failedCell(plan, 'the disk is full', { startedMs: 0, endedMs: 9_000 }, 'cells/x');

type Verdicts = Readonly<Record<string, 'false' | 'true' | 'unknown'>>;

function cell(verdicts: Verdicts, changes: Partial<Cell> = {}): Cell {
  return {
    ...failed,
    harnessError: null,
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

describe('a defect', () => {
  it('is caught when everything it claims was found violated, with a witness', () => {
    const outcome = judgeDefect(defect, cell({ I11: 'false', I15: 'false', I16: 'true' }));
    expect(outcome).toMatchObject({ result: 'caught', detectionMs: 9_000, summary: 'see I11; see I15' });
  });

  it('is missed when one claim was not found, or could not be decided, or was not judged', () => {
    for (const second of [{ I15: 'true' }, { I15: 'unknown' }, {}] satisfies Verdicts[]) {
      const outcome = judgeDefect(defect, cell({ I11: 'false', ...second }));
      expect(outcome).toMatchObject({ result: 'missed', detectionMs: null });
      expect(outcome.summary).toMatch(/^I15: /);
    }
  });

  it('is not caught by a violation without a witness', () => {
    const [verdict] = cell({ I11: 'false' }).verdicts;
    const bare = { ...cell({}), verdicts: verdict === undefined ? [] : [{ ...verdict, witnesses: [] }] };
    expect(judgeDefect({ ...defect, breaks: ['I11'] }, bare).result).toBe('missed');
  });

  it('may claim that the system does not recover', () => {
    const lost = { ...defect, breaks: ['recovery'] };
    const threshold = { metric: 'recovery', expression: 'time<=15000ms' };
    const never = cell({}, { thresholds: [{ ...threshold, verdict: 'false' }] });
    expect(judgeDefect(lost, never)).toMatchObject({ result: 'caught' });
    const soon = cell({}, { thresholds: [{ ...threshold, verdict: 'true' }], recoveryMs: 400 });
    expect(judgeDefect(lost, soon)).toMatchObject({ result: 'missed' });
    expect(plan.experiment.invariants).not.toContain('recovery');
  });

  it('is neither when the harness failed', () => {
    expect(judgeDefect(defect, failed)).toMatchObject({ result: 'failed', summary: 'the disk is full' });
  });
});

describe('a cell without its defect', () => {
  it('holds when nothing is accused, and nothing is undecided', () => {
    expect(judgeClean(defect, cell({ I11: 'true', I15: 'true' })).result).toBe('held');
    expect(judgeClean(defect, cell({ I11: 'true', I15: 'false' })).result).toBe('accused');
    expect(judgeClean(defect, cell({ I11: 'true', I15: 'unknown' })).result).toBe('undecided');
    expect(judgeClean(defect, cell({ I11: 'false', I15: 'unknown' })).result).toBe('accused');
    expect(judgeClean(defect, failed).result).toBe('failed');
  });
});

describe('the selftest', () => {
  const caught = judgeDefect(defect, cell({ I11: 'false', I15: 'false' }));
  const missed = judgeDefect(defect, cell({ I11: 'false', I15: 'true' }));
  const broken = judgeDefect(defect, failed);

  it('succeeds only when all were caught, and tells a missed one from a failure of the harness', () => {
    expect(exitOfSelftest([caught, caught])).toBe(0);
    expect(exitOfSelftest([caught, missed])).toBe(1);
    expect(exitOfSelftest([missed, broken])).toBe(1);
    expect(exitOfSelftest([caught, broken])).toBe(70);
    expect(exitOfSelftest([])).toBe(70);
  });

  it('says at which try a defect was caught', () => {
    const later = judgeDefect(defect, cell({ I11: 'false', I15: 'false' }), 3);
    const text = renderOutcomes([caught, later]);
    expect(text).toMatch(/caught {2}3 {4}9\.0 s/);
    expect(text).toContain('2 of 2 defects caught, 1 of them at the first try');
  });

  it('without the defects tells what was not decided from what was accused', () => {
    const clean = (...verdicts: ('false' | 'true' | 'unknown')[]) =>
      exitOfSelftest(verdicts.map((verdict) => judgeClean(defect, cell({ I11: verdict }))));
    expect(clean('true')).toBe(0);
    expect(clean('true', 'unknown')).toBe(2);
    expect(clean('unknown', 'false')).toBe(1);
  });

  it('prints one line for each, what was missed in capitals', () => {
    const lines = renderOutcomes([caught, missed]).split('\n');
    expect(lines[2]).toMatch(
      /^planted {2}reads × redis-down {2}I11 I15 {4}caught {2}1 {4}9\.0 s {2}see I11; see I15$/,
    );
    expect(lines[3]).toContain('MISSED');
    expect(lines.at(-1)).toBe('1 of 2 defects caught, 1 of them at the first try');
  });
});
