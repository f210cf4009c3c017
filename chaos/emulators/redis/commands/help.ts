/** What the subcommand HELP of a container answers. */
import type { Reply } from '../reply/reply.ts';
import { status } from '../reply/reply.ts';

export function helpText(name: string, lines: readonly (readonly [string, string])[]): Reply {
  return [
    `${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...lines.flatMap(([syntax, meaning]) => [syntax, `    ${meaning}`]),
    'HELP',
    '    Prints this help.',
  ].map((line) => status(line));
}
