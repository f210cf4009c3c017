/** From a command line to an exit code. */
import type { CommandHost } from './commands/command-host.ts';
import { versionText } from './commands/version.ts';
import { systemClock } from './clock.ts';
import { messageOf, RunError } from './errors.ts';
import { parseCommandLine } from './options/flags.ts';
import { settingsFromEnvironment } from './options/settings.ts';
import { LineWriter } from './output/line-writer.ts';
import { asksForHelp, usage } from './options/usage.ts';

/** Each loads what it needs. */
const commands = {
  archive: async () => (await import('./commands/archive-command.ts')).archiveScript,
  inspect: async () => (await import('./commands/inspect-command.ts')).inspectScript,
  run: async () => (await import('./commands/run-command.ts')).runScript,
} as const;

export async function runCommand(host: CommandHost): Promise<number> {
  using stdout = LineWriter.toDescriptor(1);
  using stderr = LineWriter.toDescriptor(2);
  using stack = new DisposableStack();
  try {
    const [command = '', ...words] = host.words;
    if (asksForHelp(host.words)) {
      stdout.write(usage());
      return 0;
    }
    if (command === 'version' || command === '--version') {
      stdout.write(versionText());
      return 0;
    }
    if (command !== 'run' && command !== 'archive' && command !== 'inspect')
      throw new RunError('usage', `unknown command "${command}": expected run, archive, inspect or version`);
    const settings = settingsFromEnvironment(host.environment);
    if (command !== 'run') settings.includeSystemEnvironment = false;
    const commandLine = parseCommandLine(command, words, settings);
    const execute = await commands[command]();
    return await execute(host, commandLine, { stack, stderr, stdout });
  } catch (error) {
    const known =
      error instanceof RunError ? error : new RunError('usage', messageOf(error), { cause: error });
    stderr.write(
      `time="${new Date(systemClock.nowMs()).toISOString().slice(0, 19)}Z" level=error msg=${JSON.stringify(known.message)}`,
    );
    if (known.hint !== undefined) stderr.write(`hint: ${known.hint}`);
    return known.exitCode;
  }
}
