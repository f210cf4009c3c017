/** What can go wrong with the processes that the harness starts, each with its exit status and the remedy. */
import { invocation } from '../setup/own-files.mjs';
import { exitCodes, RedcliffError } from '../errors.ts';

/** The program could not be executed at all. */
export class ProgramMissing extends RedcliffError {
  override readonly name = 'ProgramMissing';
  readonly code = 'program_missing';
  readonly exitStatus = exitCodes.missing;

  constructor(process: string, command: string, reason: string) {
    super(
      `${process} cannot be started: ${command}: ${reason}`,
      `install it, or correct the path; ${invocation} doctor says what is missing`,
    );
  }
}

/** The process ended, or its limit passed, before it was ready. */
export class ProcessNotReady extends RedcliffError {
  override readonly name = 'ProcessNotReady';
  readonly code = 'process_not_ready';
  readonly exitStatus = exitCodes.harness;

  constructor(
    process: string,
    reason: string,
    log: { readonly file: string; readonly lastLines: readonly string[] },
    timedOut: boolean,
  ) {
    const message = `${process} did not get ready: ${reason}${quote(log.lastLines)}`;
    super(message, `its whole log is in ${log.file}`, { timedOut });
  }
}

/** Something was asked of a process that its state does not allow, such as pausing one that has ended. */
export class ProcessStateError extends RedcliffError {
  override readonly name = 'ProcessStateError';
  readonly code = 'process_state';
  readonly exitStatus = exitCodes.harness;

  constructor(process: string, asked: string, state: string) {
    super(`${process} cannot ${asked}: it is ${state}`, 'this is a fault of the harness: please report it');
  }
}

/** The run ended in order, yet processes of it were still there; they have been killed. */
export class ProcessesLeftBehind extends RedcliffError {
  override readonly name = 'ProcessesLeftBehind';
  readonly code = 'processes_left_behind';
  readonly exitStatus = exitCodes.harness;

  constructor(processes: readonly string[]) {
    super(
      `${processes.length} processes outlived the run and had to be killed: ${processes.join(', ')}`,
      'whoever starts a process has to end it: this is a fault of the harness, please report it',
    );
  }
}

/** The process that guarantees the clean-up is gone, and with it the guarantee. */
export class ReaperLost extends RedcliffError {
  override readonly name = 'ReaperLost';
  readonly code = 'reaper_lost';
  readonly exitStatus = exitCodes.harness;

  constructor(reason: string) {
    super(`the reaper process is gone: ${reason}`, 'start the run again');
  }
}

function quote(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  | ${line}`).join('\n')}`;
}
