/** The command line that repeats a run: what was given, with the seed that was used. */
import { withoutSecrets } from '../stack/external/secrets.ts';

/** The seed is given at the end; the others say what is shown or kept, not what is run. */
const notRun = new Set(['live', 'quiet', 'record', 'seed']);

/**
 * Options are given in the order of the command's help; every one that takes a value is quoted when it has to be. What is
 * secret in an address is left out, since the line goes into the report.
 */
export function describeCommand(
  scenarios: readonly string[],
  flags: Readonly<Record<string, unknown>> | object,
  seed: string,
): string {
  const words = ['npm run redcliff -- run', ...scenarios];
  for (const [name, value] of Object.entries(flags)) {
    if (notRun.has(name) || isDefault(name, value)) continue;
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    words.push(option);
    if (value !== true) words.push(...[value].flat().map((part) => quote(withoutSecrets(String(part)))));
  }
  return [...words, '--seed', quote(seed)].join(' ');
}

function isDefault(name: string, value: unknown): boolean {
  return (name === 'stack' && value === 'auto') || (name === 'out' && value === 'reports/runs');
}

function quote(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
