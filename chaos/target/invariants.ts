/** The invariants of a target, of all its scenarios. */
import type { Checker } from '../../reports/checkers/checker.ts';
import { UsageError } from '../errors.ts';
import type { LoadedTarget } from './load-config.ts';

type WithScenarios = Pick<LoadedTarget, 'scenarios'>;

/** By name; of those with one name the last. */
export function invariantsOf({ scenarios }: WithScenarios): ReadonlyMap<string, Checker> {
  return new Map(
    scenarios.flatMap(({ invariants }) => invariants.map((one) => [one.invariant, one] as const)),
  );
}

/** Throws UsageError, which begins with `where`: the option or the field that names it. */
export function invariantNamed(target: WithScenarios, name: string, where: string): Checker {
  const known = invariantsOf(target);
  const found = known.get(name);
  if (found !== undefined) return found;
  throw new UsageError(`${where} "${name}" does not exist`, `invariants: ${[...known.keys()].join(', ')}`);
}
