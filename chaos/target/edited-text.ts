/**
 * The text of a source file with the edits of a mutant in it. An edit that no longer fits the file is an error by name: a process without
 * the mistake must never pass for one that has it. Pure.
 */
import type { Edit } from '../api/mutant.ts';

/** `edits` are those of this one file; their places may come in any order and must not overlap. Throws Error. */
export function editedText(mutant: string, file: string, source: string, edits: readonly Edit[]): string {
  const places = edits
    .map((edit) => ({ ...edit, at: placeOf(mutant, file, source, edit.find) }))
    .toSorted((left, right) => left.at - right.at);
  let edited = '';
  let copiedTo = 0;
  for (const { at, find, replace } of places) {
    if (at < copiedTo) {
      throw misfit(mutant, file, `two edits overlap at ${quoted(find)}`, 'join them into one edit');
    }
    edited += source.slice(copiedTo, at) + replace;
    copiedTo = at + find.length;
  }
  return edited + source.slice(copiedTo);
}

function placeOf(mutant: string, file: string, source: string, find: string): number {
  const places: number[] = [];
  for (let at = source.indexOf(find); at !== -1 && find !== ''; at = source.indexOf(find, at + 1))
    places.push(at);
  const [only] = places;
  if (only !== undefined && places.length === 1) return only;
  const times = only === undefined ? 'does not occur' : `occurs ${places.length} times`;
  throw misfit(mutant, file, `${quoted(find)} ${times}`, '`find` must occur exactly once');
}

function misfit(mutant: string, file: string, reason: string, remedy: string): Error {
  return new Error(`the mutant ${mutant} does not fit ${file}: ${reason}; ${remedy}`);
}

/** One line, so that it can be read in a log. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
