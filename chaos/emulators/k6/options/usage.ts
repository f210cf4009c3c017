/** What `k6 --help` prints: how it is called and every flag it takes. */
import { flagTable } from './flag-table.ts';

export function asksForHelp(words: readonly string[]): boolean {
  const [command, ...rest] = words;
  // Behind `--` there are no flags any more.
  const end = rest.indexOf('--');
  const flags = end < 0 ? rest : rest.slice(0, end);
  return command === undefined || [command, ...flags].some((word) => ['--help', '-h', 'help'].includes(word));
}

export function usage(): string {
  const flags = flagTable.map(
    ({ names, takesValue }) => `  ${names.join(', ')}${takesValue ? ' VALUE' : ''}`,
  );
  return [
    'usage: k6 run [flags] SCRIPT       runs a script, an archive, a URL, or - for the standard input',
    '       k6 archive [flags] SCRIPT   writes it with all it needs into a file (-O FILE)',
    '       k6 inspect [flags] SCRIPT   prints its options',
    '       k6 version',
    '',
    'The flags are those of k6 and mean what they mean there:',
    '',
    ...flags,
  ].join('\n');
}
