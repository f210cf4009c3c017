/**
 * The engine of k6 takes `\p{L}` in a regular expression for the letter p and what stands in braces, whatever the flags. A script
 * that uses it finds nothing there, and so it is here: a check that k6 fails must not pass. The log says so.
 */
import type { Program } from 'acorn';
import type { Edits } from './edits.ts';
import { walk } from './syntax.ts';

const unicodeProperty = /\\[pP]\{([^}]*)\}/g;

/** Gives a sentence for the log for each place. */
export function takePropertiesLiterally(program: Program, edits: Edits, url: string): string[] {
  const notes: string[] = [];
  walk(program, (node) => {
    if (node.type !== 'Literal' || node.regex === undefined || !/[uv]/.test(node.regex.flags)) return;
    const { flags, pattern } = node.regex;
    const literal = pattern.replaceAll(
      unicodeProperty,
      (whole, name: string) => `${whole[1] ?? ''}\\{${name}\\}`,
    );
    if (literal === pattern) return;
    edits.replace(node.start, node.end, `/${literal}/${flags}`);
    notes.push(
      `${url}:${node.loc?.start.line ?? 0}: the engine of k6 does not know ${pattern.match(unicodeProperty)?.join(' and ')}, ` +
        'it takes it for its letters: list the characters instead',
    );
  });
  return notes;
}
