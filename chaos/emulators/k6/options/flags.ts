/** k6's flags, read as k6 reads them: a name or value it does not know ends the run before anything starts. */
import { messageOf, RunError } from '../errors.ts';
import { flagTable } from './flag-table.ts';
import type { CommandName, FlagRule } from './flag-table.ts';
import type { RawLayer, Settings } from './settings.ts';

export interface CommandLine {
  readonly script: string;
  readonly options: RawLayer;
  readonly settings: Settings;
}

/** `words` follow the command. Settings start from `initial`, which came from the environment. */
export function parseCommandLine(
  command: CommandName,
  words: readonly string[],
  initial: Settings,
): CommandLine {
  const options: RawLayer = {};
  const settings: Settings = { ...initial, environment: { ...initial.environment } };
  const scripts: string[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') {
      scripts.push(...queue.splice(0));
    } else if (word.startsWith('-') && word !== '-') {
      const { inlineValue, name, rule } = lookUp(command, word);
      const value = inlineValue ?? (rule.takesValue ? queue.shift() : 'true');
      if (value === undefined) throw new RunError('usage', `flag needs an argument: ${name}`);
      applyFlag(rule, value, name, options, settings);
    } else {
      scripts.push(word);
    }
  }
  const [script, ...others] = scripts;
  if (script === undefined || others.length > 0) {
    throw new RunError('usage', `accepts 1 arg, the script: ${command} SCRIPT`);
  }
  return { options, script, settings };
}

function applyFlag(rule: FlagRule, value: string, name: string, options: RawLayer, settings: Settings): void {
  try {
    rule.apply(value, options, settings, name);
  } catch (error) {
    throw error instanceof RunError ? error : new RunError('usage', messageOf(error), { cause: error });
  }
}

function lookUp(
  command: CommandName,
  word: string,
): { inlineValue: string | undefined; name: string; rule: FlagRule } {
  const separator = word.indexOf('=');
  const long = word.startsWith('--');
  const nameEnd = long ? (separator < 0 ? word.length : separator) : 2;
  const name = word.slice(0, nameEnd);
  const rule = flagTable.find(
    ({ commands, names }) => names.includes(name) && commands?.includes(command) !== false,
  );
  if (rule === undefined) throw new RunError('usage', `unknown flag: ${name}`);
  const rest = word.slice(nameEnd).replace(/^=/, '');
  const hasInline = word.length > nameEnd;
  return { inlineValue: hasInline ? rest : undefined, name, rule };
}
