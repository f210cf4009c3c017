/** Judges the program that a local stack would use for one of its parts. */
import { existsSync } from 'node:fs';
import type { ProgramChoice } from '../stack/programs.ts';
import { type Finding, missing, ok } from './finding.ts';
import { programVersion } from './program-version.ts';

/** `versionArguments` make a real program print its version. */
export async function examineChoice(
  choice: ProgramChoice,
  versionArguments: readonly string[],
): Promise<Omit<Finding, 'name'>> {
  if (!choice.found) return missing(choice.reason, choice.remedy);
  const { program } = choice;
  if (program.kind === 'embedded') {
    const [entry = ''] = program.args;
    if (existsSync(entry)) return ok(`embedded (${program.source})`);
    return missing(`${entry} is missing`, 'install redcliff anew');
  }
  const version = await programVersion(program.command, versionArguments, program.environment);
  if (version !== undefined) return ok(`${version}, ${program.command} (${program.source})`);
  return missing(`${program.command} (${program.source}) does not run`, 'reinstall it, or name another one');
}
