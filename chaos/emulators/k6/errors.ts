/** Everything that ends a run early, in one table: exit codes are k6's, so that a caller cannot tell the runtimes apart. */
export const exitCodes = {
  'external-abort': 105,
  'invalid-configuration': 104,
  'marked-as-failed': 110,
  ok: 0,
  panic: 109,
  'script-aborted': 108,
  'script-exception': 107,
  'setup-timeout': 100,
  'teardown-timeout': 101,
  'thresholds-crossed': 99,
  usage: 255,
} as const;

export type ExitReason = keyof typeof exitCodes;

/** Ends the run with the exit code of `reason`; `hint` says what to do about it. */
export class RunError extends Error {
  readonly reason: ExitReason;
  readonly hint: string | undefined;

  constructor(reason: ExitReason, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'RunError';
    this.reason = reason;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return exitCodes[this.reason];
  }
}

/** Thrown into a script by what k6 has and this runtime has not: the message names it and what to write instead. */
export class UnsupportedError extends Error {
  constructor(feature: string, instead: string) {
    super(`${feature} is not supported by the built-in runtime: ${instead}`);
    this.name = 'UnsupportedError';
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
