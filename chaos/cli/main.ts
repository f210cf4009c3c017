/** The commands of redcliff. Each one validates its input before it starts anything; what it throws becomes a message with a remedy. */
import { Command, CommanderError } from 'commander';
import { exitCodes, RedcliffError } from '../errors.ts';
import { addBreakCommand } from './break-command.ts';
import { addCalibrateCommand } from './calibrate-command.ts';
import { addCapacityCommand } from './capacity-command.ts';
import { addCheckCommand } from './check-command.ts';
import { addCompareCommand } from './compare-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addDownCommand } from './down-command.ts';
import { addFalseAlarmsCommand } from './false-alarms-command.ts';
import { addHealCommand } from './heal-command.ts';
import { addPartCommands } from './part-commands.ts';
import { addReproduceCommand } from './reproduce-command.ts';
import { addRunCommand } from './run-command.ts';
import { addSelftestCommand } from './selftest-command.ts';
import { addStatusCommand } from './status-command.ts';
import { addUpCommand } from './up-command.ts';

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

addBreakCommand(program);
addCalibrateCommand(program);
addCapacityCommand(program);
addCheckCommand(program);
addCompareCommand(program);
addDoctorCommand(program);
addDownCommand(program);
addFalseAlarmsCommand(program);
addHealCommand(program);
addPartCommands(program);
addReproduceCommand(program);
addRunCommand(program);
addSelftestCommand(program);
addStatusCommand(program);
addUpCommand(program);
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
