/** Runs a program to its end within a time limit: used by the operator's tools for PM2 and for the command that restarts Redis. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const timeoutMs = 10_000;
const outputBytesMax = 16 * 2 ** 20;

/** What it wrote to stdout. Throws when it can not be run, fails, or takes too long. */
export async function runProgram(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, [...args], { timeout: timeoutMs, maxBuffer: outputBytesMax });
  return stdout;
}
