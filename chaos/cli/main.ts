/** The commands of redcliff. Each one validates its input before it starts anything; what it throws becomes a message with a remedy. */
import '../disposable-stacks.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageFolder } from '../setup/own-files.mjs';
import { exitCodes, RedcliffError } from '../errors.ts';

type AddCommand = (program: Command) => void;

const environment = async (): Promise<AddCommand> =>
  (await import('./environment-commands.ts')).addEnvironmentCommands;
const investigate = async (): Promise<AddCommand> =>
  (await import('./investigate-commands.ts')).addInvestigateCommands;
const verify = async (): Promise<AddCommand> => (await import('./verify-commands.ts')).addVerifyCommands;

/** A command brings its own modules, and most need few: the others are loaded only to be listed. In the order of the help. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./run-command.ts')).addRunCommand,
  reproduce: async () => (await import('./reproduce-command.ts')).addReproduceCommand,
  report: investigate,
  compare: investigate,
  export: investigate,
  up: environment,
  fault: environment,
  heal: environment,
  status: environment,
  down: environment,
  doctor: environment,
  capacity: async () => (await import('./capacity-commands.ts')).addCapacityCommands,
  emulator: async () => (await import('./parts-commands.ts')).addPartsCommands,
  load: async () => (await import('./scale-commands.ts')).addScaleCommands,
  list: async () => (await import('./list-command.ts')).addListCommand,
  verify,
  selftest: verify,
};

async function loadCommands(named: string | undefined): Promise<readonly AddCommand[]> {
  const only = named !== undefined && Object.hasOwn(commands, named) ? commands[named] : undefined;
  const loaders = only === undefined ? Object.values(commands) : [only];
  return [...new Set(await Promise.all(loaders.map((load) => load())))];
}

const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
  version: string;
};

const program = new Command('redcliff')
  .description(
    'Chaos and load testing for services on Redis and MongoDB: drives them with k6 scenarios, injects faults, judges invariants.',
  )
  .version(version)
  .addHelpText(
    'after',
    `
Exit status: 0 all held · 1 an invariant or threshold failed · 2 unknown · 3 worse than the baseline ·
64 bad usage or configuration · 69 a needed part is missing · 70 the harness itself failed · 130 interrupted`,
  )
  .exitOverride()
  .enablePositionalOptions()
  .showHelpAfterError('(redcliff --help lists commands and options)');

// A launcher on another Node holds a channel to this process: its end is ours, and the channel alone keeps nothing alive.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

for (const add of await loadCommands(process.argv[2])) add(program);
exitOverrideAll(program);

// An error that nothing caught would end the process with 1, which says that an invariant was violated.
process.on('uncaughtException', (error) => process.exit(report(error)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function exitOverrideAll(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride();
    exitOverrideAll(command);
  }
}

/** Prints what went wrong and what to do about it; gives the exit status. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already printed its own message.
    return error.exitCode === 0 ? exitCodes.held : exitCodes.usage;
  }
  const known = error instanceof RedcliffError ? error : knownFailure(error);
  if (known !== null) {
    console.error(`redcliff: ${known.message}\n  remedy: ${known.hint}`);
    return known.exitStatus;
  }
  console.error('redcliff: the harness failed unexpectedly; this says nothing about the target');
  console.error(error);
  return exitCodes.harness;
}

/** Errors of the other parts have the same shape without being of our class: a message, a hint and an exit status. */
function knownFailure(error: unknown): { message: string; hint: string; exitStatus: number } | null {
  if (error instanceof Error && 'code' in error && (error.code === 'EDQUOT' || error.code === 'ENOSPC')) {
    return {
      message: `no space is left on the device, so the run has no result: ${error.message}`,
      hint: 'make room, or write elsewhere with --out',
      exitStatus: exitCodes.harness,
    };
  }
  if (!(error instanceof Error) || !('hint' in error) || !('exitStatus' in error)) return null;
  const { hint, exitStatus } = error;
  if (typeof hint !== 'string' || typeof exitStatus !== 'number') return null;
  return { message: error.message, hint, exitStatus };
}
