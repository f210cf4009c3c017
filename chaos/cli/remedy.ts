/** Remedies name commands and pages: where the package is installed, they have to be what a user can type and open there. */
import { join, relative } from 'node:path';
import { fromSource, invocation, packageFolder } from '../setup/own-files.mjs';

export interface Place {
  /** What a command is typed after. */
  readonly invocation: string;
  /** Folder that has `docs/`. */
  readonly folder: string;
}

/** Null in a checkout, whose pages and commands are as they are named. */
export function placeOfInstallation(): Place | null {
  return fromSource ? null : { invocation, folder: relative(process.cwd(), packageFolder) };
}

/** `commands`: their names. Pure. */
export function remedyAt(place: Place | null, hint: string, commands: readonly string[]): string {
  if (place === null) return hint;
  const command = new RegExp(`(?<!npx )(?<![\\w/.-])redcliff (?=(?:${commands.join('|')})\\b)`, 'g');
  return hint
    .replace(command, `${place.invocation} `)
    .replace(/(?<![\w/])docs\/[\w-]+\.md/g, (page) => join(place.folder, page));
}
