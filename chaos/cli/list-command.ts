/** `redcliff list`: the scenarios, faults, invariants and mutants of a target. */
import { Argument, type Command } from 'commander';
import { table } from '../../reports/render/table.ts';
import { noFault } from '../api/scenario.ts';
import { type PlanningContext, planningContext } from '../run/plan.ts';
import { loadTarget } from '../target/load-config.ts';
import { addTargetOptions, type TargetFlags } from './options.ts';
import { invariantsOf } from '../target/invariants.ts';

const subjects = ['scenarios', 'faults', 'invariants', 'mutants'] as const;
type Subject = (typeof subjects)[number];

export function addListCommand(program: Command): void {
  const command = program
    .command('list')
    .helpGroup('Maintain:')
    .description('list the scenarios, faults with their parameters, invariants or mutants of the target')
    .addArgument(new Argument('<what>', 'what to list').choices(subjects));
  addTargetOptions(command).action(async (what: Subject, flags: TargetFlags) => {
    console.log(lists[what](planningContext(await loadTarget(flags, process.cwd()))));
  });
}

const lists: Readonly<Record<Subject, (context: PlanningContext) => string>> = {
  scenarios: ({ target }) =>
    table(
      ['scenario', 'title', 'faults'],
      target.scenarios.map(({ name, title, faults }) => [
        name,
        title,
        [noFault, ...faults.short, ...(faults.ci ?? [])].join(' '),
      ]),
    ),
  faults: ({ faults }) =>
    table(
      ['fault', 'title', 'needs', 'parameters'],
      [...faults.values()].map((fault) => [
        fault.name,
        fault.title,
        fault.needs.join(' '),
        // Last, because one fault has so many that they would push other columns out of sight.
        fault
          .describeParameters()
          .map(({ name, type }) => `${name}: ${type}`)
          .join(', '),
      ]),
    ),
  invariants: ({ target }) => {
    const judgedIn = (name: string): string =>
      target.scenarios
        .filter(({ invariants }) => invariants.some(({ invariant }) => invariant === name))
        .map((scenario) => scenario.name)
        .join(' ');
    return table(
      ['invariant', 'title', 'scenarios'],
      [...invariantsOf(target).values()].map(({ invariant, title }) => [
        invariant,
        title,
        judgedIn(invariant),
      ]),
    );
  },
  mutants: ({ target }) => {
    if ((target.mutants ?? []).length === 0) return `the target ${target.name} has no mutants`;
    return table(
      ['mutant', 'set', 'title', 'files', 'claimed by'],
      (target.mutants ?? []).map(({ name, set, title, edits, scenario, fault, breaks, notJudged }) => [
        name,
        set ?? '',
        title,
        [...new Set(edits.map(({ file }) => file))].join(' '),
        notJudged === undefined
          ? `${scenario} × ${fault}: ${breaks.join(' ')}`
          : `not judged in ${scenario} × ${fault}: ${notJudged}`,
      ]),
    );
  },
};
