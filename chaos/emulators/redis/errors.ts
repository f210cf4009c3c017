/** Errors that clients are told, in Redis's own words: clients decide by the first of them. */

/** Refuses a command. The message begins with its code, such as `WRONGTYPE`. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

/** With the code that most errors have. */
export function plainError(text: string): CommandError {
  return new CommandError(`ERR ${text}`);
}

export const messages = {
  wrongType: 'WRONGTYPE Operation against a key holding the wrong kind of value',
  syntax: 'ERR syntax error',
  notInteger: 'ERR value is not an integer or out of range',
  notFloat: 'ERR value is not a valid float',
  outOfRange: 'ERR value is out of range',
  noSuchKey: 'ERR no such key',
  indexOutOfRange: 'ERR index out of range',
  sameObject: 'ERR source and destination objects are the same',
  noAuth: 'NOAUTH Authentication required.',
  outOfMemory: "OOM command not allowed when used memory > 'maxmemory'.",
  execAborted: 'EXECABORT Transaction discarded because of previous errors.',
  noReplicas: 'NOREPLICAS Not enough good replicas to write.',
  readonly: "READONLY You can't write against a read only replica.",
  masterDown: "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  noScript: 'NOSCRIPT No matching script. Please use EVAL.',
  busyScript: 'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  busyFunction: 'BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.',
  loading: 'LOADING Redis is loading the dataset in memory',
  busyKey: 'BUSYKEY Target key name already exists.',
} as const;

export function wrongType(): CommandError {
  return new CommandError(messages.wrongType);
}

export function syntaxError(): CommandError {
  return new CommandError(messages.syntax);
}

/** Of anything thrown, for logs and for errors that name their cause. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
