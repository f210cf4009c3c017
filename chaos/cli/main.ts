/** Runs one command line. Every command validates its input before it starts anything; what it throws becomes a message with a remedy. */
import '../disposable-stacks.ts';
import { CommanderError } from 'commander';
import { exitCodes, RedcliffError } from '../errors.ts';
import { commandNames, makeProgram } from './program.ts';
import { placeOfInstallation, remedyAt } from './remedy.ts';

// A launcher on another Node holds a channel to this process: its end is ours, and the channel alone keeps nothing alive.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

const program = await makeProgram(process.argv[2]);

// An error that nothing caught would end the process with 1, which says that an invariant was violated.
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
  const known = error instanceof RedcliffError ? error : knownFailure(error);
  if (known !== null) {
    const remedy = remedyAt(placeOfInstallation(), known.hint, commandNames);
    console.error(`redcliff: ${known.message}\n  remedy: ${remedy}`);
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
