/** Sets of commands by their full names, as rules change them. */
import type { Command, CommandTable } from '../commands/context.ts';

/** Containers before their subcommands. */
export function* eachCommand(commands: CommandTable): IterableIterator<Command> {
  for (const command of commands.all.values()) {
    yield command;
    yield* command.subcommands?.values() ?? [];
  }
}

/** With a container go its subcommands. */
export function setCommand(names: Set<string>, command: Command, isIncluded: boolean): void {
  for (const { name } of [command, ...(command.subcommands?.values() ?? [])]) {
    if (isIncluded) names.add(name);
    else names.delete(name);
  }
}

export function findCommand(commands: CommandTable, name: string): Command | undefined {
  const [container = '', subcommand, ...rest] = name.split('|');
  if (rest.length > 0) return undefined;
  const command = commands.all.get(container);
  return subcommand === undefined ? command : command?.subcommands?.get(subcommand);
}
