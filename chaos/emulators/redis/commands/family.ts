/** Joins the declarations of a family of commands with what they do. */
import type { Command, CommandTable, Run } from './context.ts';
import { readCommandTable, type CommandDeclaration } from './declaration.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { plainError } from '../errors.ts';

/** By name; of subcommands `container|name`. Containers have no function of their own. */
export type Runs = Readonly<Record<string, Run>>;

/** @throws TypeError when a declaration has no function, or a function no declaration */
export function commandFamily(group: string, table: string, runs: Runs): Command[] {
  const declarations = readCommandTable(group, table);
  const containers = new Set(
    declarations.flatMap(({ name }) => (name.includes('|') ? [name.slice(0, name.indexOf('|'))] : [])),
  );
  const known = new Set(declarations.map(({ name }) => name));
  for (const name of Object.keys(runs)) if (!known.has(name)) throw new TypeError(`${name} is not declared`);
  return declarations
    .filter(({ name }) => !name.includes('|'))
    .map((declaration) => {
      if (!containers.has(declaration.name)) return commandOf(declaration, runs, undefined);
      const prefix = `${declaration.name}|`;
      const subcommands = declarations
        .filter(({ name }) => name.startsWith(prefix))
        .map((each) => [each.name.slice(prefix.length), commandOf(each, runs, undefined)] as const);
      return commandOf(declaration, runs, new Map(subcommands));
    });
}

function commandOf(
  declaration: CommandDeclaration,
  runs: Runs,
  subcommands: ReadonlyMap<string, Command> | undefined,
): Command {
  const run = runs[declaration.name];
  if (run !== undefined) return { ...declaration, run, subcommands };
  if (subcommands === undefined) throw new TypeError(`${declaration.name} has no function`);
  return { ...declaration, run: refuseContainer, subcommands };
}

/** Only reached without a subcommand, which the arity refuses before. */
function refuseContainer(): never {
  throw plainError('a subcommand is needed');
}

export function commandTable(commands: readonly Command[]): CommandTable {
  const all = new Map(commands.map((command) => [command.name, command]));
  return {
    all,
    find: (words: readonly Bytes[]) => {
      const command = all.get((words[0] ?? '').toLowerCase());
      if (command?.subcommands === undefined || words.length === 1) return command;
      return command.subcommands.get((words[1] ?? '').toLowerCase());
    },
  };
}
