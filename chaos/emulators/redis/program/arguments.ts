/** The program's arguments: those of redis-server, and a few of the emulator's own. */
import { readFileSync } from 'node:fs';
import { splitWords } from '../bytes/quote.ts';
import { Configuration } from '../config/configuration.ts';
import { optionsByName } from '../config/option.ts';
import { messageOf } from '../errors.ts';

export type Arguments =
  | { readonly kind: 'version' | 'help' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | {
      readonly kind: 'serve';
      readonly configuration: Configuration;
      readonly seed: string | undefined;
    };

export const usage = `usage: redis [file] [--port P] [--host H] [--dir D] [--seed N] [--<option> <value>]...

  file           lines as in redis.conf
  --port P       port to listen on; 0 takes a free one (default: 6379)
  --host H       address to listen on, the same as --bind (default: all)
  --dir D        folder of snapshot and append-only file (default: the working folder)
  --seed N       what every random choice is drawn from
  --<option>     any other option of redis.conf
  --version      prints the version of Redis that is emulated`;

interface Directive {
  readonly words: readonly string[];
  /** Where it stands, for messages. */
  readonly place: string;
}

export function readArguments(given: readonly string[]): Arguments {
  if (given.includes('--version') || given[0] === '-v') return { kind: 'version' };
  if (given.includes('--help') || given[0] === '-h') return { kind: 'help' };
  const [first] = given;
  const hasFile = first !== undefined && !first.startsWith('--');
  let directives: Directive[];
  try {
    directives = [...(hasFile ? readFile(first) : []), ...readOptions(hasFile ? given.slice(1) : given)];
  } catch (thrown) {
    return { kind: 'wrong', reason: messageOf(thrown) };
  }
  const configuration = new Configuration();
  let seed: string | undefined;
  for (const { words, place } of directives) {
    const [name = '', ...values] = words;
    if (name.toLowerCase() === 'seed') {
      seed = values.join(' ');
      continue;
    }
    const reason = apply(configuration, name.toLowerCase() === 'host' ? 'bind' : name, values);
    if (reason !== undefined) return { kind: 'wrong', reason: `${place}: ${reason}` };
  }
  return { kind: 'serve', configuration, seed };
}

/** A word that begins with two dashes is a name, what follows up to the next one are its values. */
function readOptions(given: readonly string[]): Directive[] {
  const directives: { words: string[]; place: string }[] = [];
  for (const word of given) {
    if (word.startsWith('--')) directives.push({ words: [word.slice(2)], place: word });
    else directives.at(-1)?.words.push(word);
  }
  return directives;
}

function readFile(name: string): Directive[] {
  const directives: Directive[] = [];
  readFileSync(name, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      const text = line.trim();
      if (text === '' || text.startsWith('#')) return;
      const place = `${name}, line ${index + 1}`;
      const words = splitWords(text);
      if (words === undefined) throw new Error(`${place}: unbalanced quotes`);
      if (words[0]?.toLowerCase() === 'include') directives.push(...readFile(words[1] ?? ''));
      else directives.push({ words, place });
    });
  return directives;
}

/** Why not; undefined when it was set. */
function apply(configuration: Configuration, name: string, values: readonly string[]): string | undefined {
  const option = optionsByName.get(name.toLowerCase());
  if (option === undefined) return 'there is no such option';
  if (values.length === 0) return 'it needs a value';
  const { kind } = option;
  const takesSeveral = (kind.kind === 'words' || kind.kind === 'special') && kind.takesSeveral;
  if (values.length > 1 && !takesSeveral) return 'it takes one value';
  const change = configuration.change([[name, joined(configuration, option.name, values)]], 'start');
  return change.kind === 'refused' ? change.reason : undefined;
}

/** Save points may stand in several lines, which add up; an empty one begins anew. */
function joined(configuration: Configuration, name: string, values: readonly string[]): string {
  const text = values.join(' ');
  if (name !== 'save' || text === '' || !configuration.hasBeenSet('save')) return text;
  return `${configuration.text('save')} ${text}`.trim();
}
