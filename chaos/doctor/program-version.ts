/** Asks an installed program for its version. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const deadlineMs = 10_000;

/** First version number that the program prints; undefined when it does not run or prints none. */
export async function programVersion(
  program: string,
  args: readonly string[],
  added: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const env = { ...process.env, ...added };
  try {
    const { stdout, stderr } = await run(program, args, { env, timeout: deadlineMs, killSignal: 'SIGKILL' });
    return /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}${stderr}`)?.[0];
  } catch {
    return undefined;
  }
}
