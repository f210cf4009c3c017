/**
 * Plants a defect: the process is started with a loader that replaces one module of `system/` by a wrong one, and nothing else.
 * A defect is a file here named after it, whose `replaces` comes from the registry.
 */
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import { defects } from './registry.ts';

/** Arguments for node that plant the defect in the process; none for the system as it is. */
export function defectArguments(name: string | null): string[] {
  if (name === null) return [];
  checkDefect(name);
  const hook = new URL('./replace-module.ts', import.meta.url);
  hook.searchParams.set('defect', name);
  return ['--import', hook.href];
}

export function checkDefect(name: string): void {
  if (defects.some((defect) => defect.name === name)) return;
  throw new UsageError(
    `--defect "${name}" does not exist`,
    `defects: ${defects.map((defect) => defect.name).join(', ')}`,
  );
}

/** Paths of the module replaced and of the one put in its place. */
export function replacementOf(name: string): { readonly replaced: string; readonly by: string } {
  const defect = defects.find((candidate) => candidate.name === name);
  if (defect === undefined)
    throw new UsageError(`there is no defect "${name}"`, 'redcliff run --help lists them');
  return {
    replaced: fileURLToPath(new URL(`../../system/${defect.replaces}`, import.meta.url)),
    by: fileURLToPath(new URL(`./${defect.name}.ts`, import.meta.url)),
  };
}
