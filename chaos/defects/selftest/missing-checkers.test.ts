/** A checker that is taken away is missed: what only it would have seen counts as not caught, by name, and the selftest fails. */
import { expect, test } from 'vitest';
import { judge } from '../../../reports/checkers/judge.ts';
import { checkers } from '../../../reports/checkers/registry.ts';
import { mutations } from '../../../reports/checkers/simulation/mutations.ts';
import { simulate, type SimulatedRun } from '../../../reports/checkers/simulation/simulate.ts';
import type { Cell } from '../../../reports/record/report.ts';
import { failedCell } from '../../experiment/failed-cell.ts';
import type { Defect } from '../defect.ts';
import { planDefectCell } from '../defect-cell.ts';
import { defects } from '../registry.ts';
import { exitOfSelftest, judgeDefect, renderOutcomes } from './outcome.ts';

const invariants = checkers.map(({ invariant }) => invariant);

/** A recorded run in which this invariant was violated. */
function violating(invariant: string): SimulatedRun {
  for (let seed = 0; seed < 50; seed += 1) {
    for (const mutation of mutations.filter((one) => one.invariant === invariant)) {
      const spoilt = mutation.apply(simulate(`missing ${seed}`, 600, 0.1));
      if (spoilt !== null) return spoilt;
    }
  }
  throw new Error(`no simulated run can be spoilt so that ${invariant} is violated`);
}

/** The cell of the defect, with what the checkers that are left say of the run. */
function judgedCell(defect: Defect, { history, evidence }: SimulatedRun, without: string | null): Cell {
  const plan = planDefectCell(defect, 'seed');
  const left = checkers.filter(({ invariant }) => invariant !== without);
  const cell = failedCell(plan, '', { startedMs: 0, endedMs: 1 }, 'cells');
  return {
    ...cell,
    harnessError: null,
    verdicts: judge(history, evidence, plan.experiment.invariants, left),
  };
}

test.each(invariants)(
  'without the checker of %s a defect is missed that nothing else catches',
  (invariant) => {
    const own = defects.filter(({ breaks }) => breaks.length === 1 && breaks[0] === invariant);
    expect(own.length).toBeGreaterThan(0);
    const run = violating(invariant);
    for (const defect of own) {
      expect(judgeDefect(defect, judgedCell(defect, run, null))).toMatchObject({ result: 'caught' });
      const missed = judgeDefect(defect, judgedCell(defect, run, invariant));
      expect(missed).toMatchObject({
        result: 'missed',
        summary: `${invariant}: unknown, there is no checker for ${invariant}`,
      });
      expect(exitOfSelftest([missed])).toBe(1);
      expect(renderOutcomes([missed])).toMatch(new RegExp(`${defect.name} .* ${invariant} .* MISSED`));
    }
  },
);

test.each(invariants)('without the checker of %s no defect that breaks it counts as caught', (invariant) => {
  const run = violating(invariant);
  for (const defect of defects.filter(({ breaks }) => breaks.includes(invariant))) {
    expect(judgeDefect(defect, judgedCell(defect, run, invariant)).result).toBe('missed');
  }
});
