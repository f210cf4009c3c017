/** The commands of redcliff. Each one validates its input before it starts anything; what it throws becomes a message with a remedy. */
import { Command, CommanderError } from 'commander';
import { exitCodes, RedcliffError } from '../errors.ts';

type AddCommand = (program: Command) => void;

const parts = async (): Promise<AddCommand> => (await import('./part-commands.ts')).addPartCommands;

const kubernetes = async (): Promise<AddCommand> =>
  (await import('./kubernetes-commands.ts')).addKubernetesCommands;

/** A command brings its own modules, and most need few: the others are loaded only to be listed. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  break: async () => (await import('./break-command.ts')).addBreakCommand,
  calibrate: async () => (await import('./calibrate-command.ts')).addCalibrateCommand,
  capacity: async () => (await import('./capacity-command.ts')).addCapacityCommand,
  check: async () => (await import('./check-command.ts')).addCheckCommand,
  compare: async () => (await import('./compare-command.ts')).addCompareCommand,
  doctor: async () => (await import('./doctor-command.ts')).addDoctorCommand,
  down: async () => (await import('./down-command.ts')).addDownCommand,
  export: async () => (await import('./export-command.ts')).addExportCommand,
  'false-alarms': async () => (await import('./false-alarms-command.ts')).addFalseAlarmsCommand,
  heal: async () => (await import('./heal-command.ts')).addHealCommand,
  k6: parts,
  'k6-manifest': kubernetes,
  'k6-results': kubernetes,
  mongod: parts,
  reproduce: async () => (await import('./reproduce-command.ts')).addReproduceCommand,
  run: async () => (await import('./run-command.ts')).addRunCommand,
  selftest: async () => (await import('./selftest-command.ts')).addSelftestCommand,
  status: async () => (await import('./status-command.ts')).addStatusCommand,
  toxiproxy: parts,
  up: async () => (await import('./up-command.ts')).addUpCommand,
  versus: async () => (await import('./versus-command.ts')).addVersusCommand,
};

async function loadCommands(named: string | undefined): Promise<readonly AddCommand[]> {
  const only = named !== undefined && Object.hasOwn(commands, named) ? commands[named] : undefined;
  const loaders = only === undefined ? Object.values(commands) : [only];
  return [...new Set(await Promise.all(loaders.map((load) => load())))];
}

const program = new Command('redcliff')
  .description(
    'Chaos and load testing harness for a persistence layer of caches, locks, transactions and daemons',
  )
  .addHelpText(
    'after',
    `
Exit status: 0 all held · 1 an invariant or threshold failed · 2 unknown · 3 worse than the recorded run ·
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
for (const command of program.commands) command.exitOverride();

// What nobody caught would end the process with 1, which says that an invariant was violated.
process.on('uncaughtException', (error) => process.exit(report(error)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Prints what went wrong and what to do about it; gives the exit status. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already printed its own message.
    return error.exitCode === 0 ? exitCodes.held : exitCodes.usage;
  }
  if (error instanceof RedcliffError) {
    console.error(`redcliff: ${error.message}\n  remedy: ${error.hint}`);
    return error.exitStatus;
  }
  const known = knownFailure(error);
  if (known !== null) {
    console.error(`redcliff: ${known.message}\n  remedy: ${known.hint}`);
    return known.exitStatus;
  }
  console.error('redcliff: the harness failed unexpectedly; nothing is said about the system');
  console.error(error);
  return exitCodes.harness;
}

/** Errors of the other parts have the same shape without being of our class: a message, a hint and an exit status. */
function knownFailure(error: unknown): { message: string; hint: string; exitStatus: number } | null {
  if (error instanceof Error && 'code' in error && (error.code === 'EDQUOT' || error.code === 'ENOSPC')) {
    return {
      message: `no space is left for what the harness has to write, so nothing is said about the system: ${error.message}`,
      hint: 'make room, or write elsewhere with --out',
      exitStatus: exitCodes.harness,
    };
  }
  if (!(error instanceof Error) || !('hint' in error) || !('exitStatus' in error)) return null;
  const { hint, exitStatus } = error;
  if (typeof hint !== 'string' || typeof exitStatus !== 'number') return null;
  return { message: error.message, hint, exitStatus };
}
