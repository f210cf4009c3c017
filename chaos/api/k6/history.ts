/** Writes what a client saw as a line of the history, by console.log: k6 sends it to the file of --console-output. */
import exec from 'k6/execution';

export type Outcome = 'ok' | 'fail' | 'info';

export interface OperationTimes {
  readonly intendedMs: number;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** A VU is one client until an operation ends `info`; after that it counts as a new client, because the operation may still be running. */
const clientsPerVu = 100_000;
let incarnation = 0;

export function processNumber(): number {
  return exec.vu.idInTest * clientsPerVu + incarnation;
}

export function recordOperation(
  f: string,
  type: Outcome,
  value: Readonly<Record<string, unknown>>,
  times: OperationTimes,
  error: string | undefined,
  answered: readonly string[] = [],
): void {
  const operation = {
    process: processNumber(),
    f,
    type,
    value,
    ...times,
    ...(error === undefined ? {} : { error }),
    ...(answered.length === 0 ? {} : { answered }),
  };
  console.log(JSON.stringify(operation));
  if (type === 'info') incarnation += 1;
}
