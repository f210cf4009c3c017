/**
 * Every error the reports part can raise, in one table: a stable code, the exit status a command ends with, and the
 * remedy. All are about files that cannot be read as records; none says anything about the target.
 */

export const reportsErrorTable = {
  EVIDENCE_FOREIGN: { exitStatus: 64, hint: 'give the evidence.json of a cell folder of a run' },
  FILE_UNREADABLE: { exitStatus: 64, hint: 'check the path and the permissions of the file' },
  HISTORY_DAMAGED: { exitStatus: 64, hint: 'give an intact history.ndjson, or run the cell again' },
  REPORT_FOREIGN: { exitStatus: 64, hint: 'give the report.json of a run of redcliff' },
  REPORT_NEWER: {
    exitStatus: 64,
    hint: 'read it with the version of redcliff that wrote it, or a later one',
  },
  REPORT_OLDER: { exitStatus: 64, hint: 'run the scenarios again to get a report of the present schema' },
  REPORT_TRUNCATED: {
    exitStatus: 64,
    hint: 'the run was interrupted while it wrote the file: run it again',
  },
  TRACE_DAMAGED: { exitStatus: 64, hint: 'give an intact trace.ndjson, or run the cell again' },
} as const;

export type ReportsErrorCode = keyof typeof reportsErrorTable;

export class ReportsError extends Error {
  override readonly name = 'ReportsError';
  readonly code: ReportsErrorCode;
  /** Exit status of the command that meets this error. */
  readonly exitStatus: number;
  readonly hint: string;

  constructor(code: ReportsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitStatus = reportsErrorTable[code].exitStatus;
    this.hint = reportsErrorTable[code].hint;
  }
}

export function unreadable(path: string, error: unknown): ReportsError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const why = missing
    ? 'does not exist'
    : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  return new ReportsError('FILE_UNREADABLE', `${path} ${why}`, { cause: error });
}
