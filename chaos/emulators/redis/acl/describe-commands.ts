/**
 * The commands that a selector allows, as rules: categories that fit them best, then what is left, command by command. As in Redis, the
 * rules are made from what is allowed, not kept from what was given.
 */
import type { Command, CommandTable } from '../commands/context.ts';
import { categories } from './categories.ts';
import { eachCommand, setCommand } from './command-sets.ts';
import type { Selector } from './selector.ts';

/** `-@all +@read -ttl` */
export function describeCommands(selector: Selector, table: CommandTable): string {
  const commands = [...eachCommand(table)];
  const all = commands.map(({ name }) => name);
  const allowed = selector.commands ?? new Set(all);
  const isAdditive = !selector.beginsWithAll;
  // What the rules so far allow, and what of the wanted commands they have not dealt with.
  const described = new Set(isAdditive ? [] : all);
  const rest = new Set(allowed);
  const rules = [isAdditive ? '-@all' : '+@all'];
  const candidates = new Set(categories);
  for (;;) {
    const best = bestCategory(candidates, commands, rest, isAdditive);
    if (best === undefined) break;
    candidates.delete(best);
    for (const command of commands.filter((each) => each.categories.includes(best))) {
      setCommand(described, command, isAdditive);
      setCommand(rest, command, !isAdditive);
    }
    rules.push(`${isAdditive ? '+' : '-'}@${best}`);
  }
  for (const command of commands) {
    const isAllowed = allowed.has(command.name);
    if (isAllowed !== described.has(command.name)) {
      rules.push(`${isAllowed ? '+' : '-'}${command.name}`);
      setCommand(described, command, isAllowed);
    }
    if (isAllowed) continue;
    for (const word of selector.firstArguments.get(command.name) ?? [])
      rules.push(`+${command.name}|${word}`);
  }
  return rules.join(' ');
}

/** The one with the fewest commands that would be wrong, of which more have to be right. */
function bestCategory(
  candidates: ReadonlySet<string>,
  commands: readonly Command[],
  rest: ReadonlySet<string>,
  isAdditive: boolean,
): string | undefined {
  let best: { category: string; wrong: number; right: number } | undefined;
  for (const category of candidates) {
    const members = commands.filter((command) => command.categories.includes(category));
    const on = members.filter(({ name }) => rest.has(name)).length;
    const [right, wrong] = isAdditive ? [on, members.length - on] : [members.length - on, on];
    if (right <= wrong) continue;
    const isBetter = best === undefined || wrong < best.wrong || (wrong === best.wrong && right > best.right);
    if (isBetter) best = { category, wrong, right };
  }
  return best?.category;
}
