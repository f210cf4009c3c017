/** Errors of the harness: a stable code, the exit status of the command, and a hint with the remedy. */

export const exitCodes = {
  held: 0,
  violated: 1,
  unknown: 2,
  worse: 3,
  usage: 64,
  missing: 69,
  harness: 70,
  interrupted: 130,
} as const;

export abstract class RedcliffError extends Error {
  abstract readonly code: string;
  abstract readonly exitStatus: number;
  readonly hint: string;
  /** Whether only a deadline passed: on a machine that is too busy that says nothing else. */
  readonly timedOut: boolean;

  constructor(message: string, hint: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}) {
    super(message, options);
    this.hint = hint;
    this.timedOut = options.timedOut ?? false;
  }
}

/** Bad usage or configuration; thrown before anything is started. The message names the field. */
export class UsageError extends RedcliffError {
  override readonly name = 'UsageError';
  readonly code = 'usage';
  readonly exitStatus = exitCodes.usage;
}

/** A part that is needed is not available here. */
export class MissingPartError extends RedcliffError {
  override readonly name = 'MissingPartError';
  readonly code = 'missing_part';
  readonly exitStatus = exitCodes.missing;
}

/** The harness itself failed; this says nothing about the target. */
export class HarnessError extends RedcliffError {
  override readonly name = 'HarnessError';
  readonly code = 'harness_failed';
  readonly exitStatus = exitCodes.harness;
}

/** Ctrl-C or another termination signal. */
export class InterruptedError extends RedcliffError {
  override readonly name = 'InterruptedError';
  readonly code = 'interrupted';
  readonly exitStatus = exitCodes.interrupted;
}
