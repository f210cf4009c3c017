/** What a user is told of a load generator that ended badly: how, where its log is, and what it said last. */
import { HarnessError } from '../errors.ts';
import { describeExit, type ProcessExit, type RunningProcess } from '../process/supervised-process.ts';

const linesShown = 20;

type Generator = Pick<RunningProcess, 'lastLines' | 'logFile'>;

export function endedBadly(generator: Generator, exit: ProcessExit): HarnessError {
  return failure(generator, `the load generator ended with ${describeExit(exit)}`);
}

export function endedTooLate(generator: Generator, limitMs: number): HarnessError {
  return failure(generator, `the load generator did not end within ${limitMs} ms`);
}

/** The first line says all that fits into one; its words are below. */
function failure(generator: Generator, what: string): HarnessError {
  const { logFile } = generator;
  const lines = generator.lastLines(linesShown);
  const log =
    lines.length === 0 ? `its log ${logFile} is empty` : `its whole log is ${logFile}, and ends with`;
  const hint = 'read the log; npm run redcliff -- k6 run SCRIPT runs a script alone';
  return new HarnessError([`${what}; ${log}`, ...lines.map((line) => `  | ${line}`)].join('\n'), hint);
}
