/** Plants a mutant: every Node.js process of the target is started with a hook that edits the source of the modules it names. */
import type { Mutant } from '../api/mutant.ts';
import { UsageError } from '../errors.ts';
import { withEdits } from './edits-parameter.ts';
import type { LoadedTarget } from './load-config.ts';
import { ownMutantPrefix } from './own-mutant.ts';
import { ownModule } from '../setup/own-files.mjs';

/** Throws UsageError, which begins with `where`, when the target has no such mutant. */
export function mutantNamed(
  { mutants = [] }: Pick<LoadedTarget, 'mutants'>,
  name: string,
  where = '--mutant',
): Mutant {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found !== undefined) return found;
  if (name.startsWith(ownMutantPrefix))
    throw new UsageError(
      `the target ran with the mutant "${name}", which is in no list`,
      'run it again with run --patch or --replace, as the command in the report does',
    );
  throw new UsageError(
    `${where} "${name}" does not exist`,
    mutants.length === 0
      ? 'the target has no mutants'
      : `mutants: ${mutants.map((mutant) => mutant.name).join(', ')}`,
  );
}

/**
 * Those of a set, or, without one, those that belong to none. What is not judged is left out. Throws UsageError when nothing is left.
 */
export function mutantsOf(target: Pick<LoadedTarget, 'mutants' | 'name'>, set?: string): readonly Mutant[] {
  const { name, mutants = [] } = target;
  const chosen = mutants.filter((mutant) => mutant.set === set && mutant.notJudged === undefined);
  if (chosen.length > 0) return chosen;
  const sets = [...new Set(mutants.flatMap((mutant) => mutant.set ?? []))];
  if (set === undefined)
    throw new UsageError(`the target ${name} has no mutants`, 'declare some in its definition');
  throw new UsageError(
    `--set "${set}" does not exist`,
    sets.length === 0 ? `the target ${name} has no sets of mutants` : `sets: ${sets.join(', ')}`,
  );
}

/** What `mutantsOf` leaves out of the same set, because nothing judges it. */
export function notJudgedOf(
  { mutants = [] }: Pick<LoadedTarget, 'mutants'>,
  set?: string,
): readonly Mutant[] {
  return mutants.filter((mutant) => mutant.set === set && mutant.notJudged !== undefined);
}

/** Options for node; none without a mutant. `root`: the folder that the target is started from. */
export function nodeOptionsOf(
  target: Pick<LoadedTarget, 'mutants'>,
  name: string | null,
  root: string,
): readonly string[] {
  if (name === null) return [];
  const { edits } = mutantNamed(target, name);
  const hook = withEdits(ownModule('./edit-modules', import.meta.url), { mutant: name, edits, root });
  return [`--import=${hook.href}`];
}
