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
      command.includes(' ')
        ? 'give the program and each of its arguments as a text of its own, such as ["node", "server.js"]'
        : `install it, or correct the path; ${invocation} doctor says what is missing`,
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
    const message = `${process} did not become ready: ${reason}${quote(log.lastLines)}`;
    super(message, `the complete log is in ${log.file}`, { timedOut });
  }
}

/** An action that the state of the process does not allow, such as pausing one that has ended. */
export class ProcessStateError extends RedcliffError {
  override readonly name = 'ProcessStateError';
  readonly code = 'process_state';
  readonly exitStatus = exitCodes.harness;

  constructor(process: string, asked: string, state: string) {
    super(`${process} cannot ${asked}: it is ${state}`, 'this is a bug of the harness: please report it');
  }
}

/** The run ended normally, but some of its processes still ran; they have been killed. */
export class ProcessesLeftBehind extends RedcliffError {
  override readonly name = 'ProcessesLeftBehind';
  readonly code = 'processes_left_behind';
  readonly exitStatus = exitCodes.harness;

  constructor(processes: readonly string[]) {
    super(
      `${processes.length} processes outlived the run and had to be killed: ${processes.join(', ')}`,
      'the code that starts a process must end it: this is a bug of the harness, please report it',
    );
  }
}

/** The process that guarantees the clean-up has ended. */
export class ReaperLost extends RedcliffError {
  override readonly name = 'ReaperLost';
  readonly code = 'reaper_lost';
  readonly exitStatus = exitCodes.harness;

  constructor(reason: string) {
    super(`the reaper process ended: ${reason}`, 'start the run again');
  }
}

function quote(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  | ${line}`).join('\n')}`;
}
