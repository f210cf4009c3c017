/** How this program is called: in a checkout by npm, installed by npx. And the command line that repeats a run. */
import { invocation } from '../setup/own-files.mjs';
import { withoutSecrets } from '../stack/external/secrets.ts';

/** The seed is given at the end; the others say what is shown or kept, not what runs. */
const notRun = new Set(['live', 'quiet', 'saveBaseline', 'seed']);

/**
 * The command with its arguments and options, in the order of its help; every value is quoted when it has to be. Secrets in addresses are left
 * out, since the line goes into the report.
 */
export function describeCommand(
  command: string,
  args: readonly string[],
  flags: Readonly<Record<string, unknown>> | object,
  seed: string,
): string {
  const words = [invocation, command, ...args];
  for (const [name, value] of Object.entries(flags)) {
    if (notRun.has(name) || isDefault(name, value)) continue;
    words.push(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    if (value !== true) words.push(...[value].flat().map((part) => quote(withoutSecrets(String(part)))));
  }
  return [...words, '--seed', quote(seed)].join(' ');
}

function isDefault(name: string, value: unknown): boolean {
  return (
    value === undefined ||
    (name === 'stack' && value === 'auto') ||
    (name === 'out' && value === 'reports/runs')
  );
}

function quote(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
