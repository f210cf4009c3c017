/** Which k6 runs the scripts: found to be one before anything starts. Null stands for the built-in runtime. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingPartError } from '../errors.ts';
import { onPath } from '../setup/redis-program.mjs';

export interface K6Program {
  readonly path: string;
  readonly version: string;
}

/** The name of the built-in runtime, where one of several can be named. */
const builtIn = 'built-in';
/** Since then k6 runs TypeScript without further ado. */
const oldestMajor = 1;
const probeTimeoutMs = 10_000;

/**
 * What was named by `--k6`, else by `REDCLIFF_K6`, else a k6 on PATH that is new enough. Throws `MissingPartError` when what was
 * named is none.
 */
export async function chooseK6(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<K6Program | null> {
  if (given !== undefined) return given === builtIn ? null : await probeK6('--k6', given);
  const named = environment['REDCLIFF_K6'] ?? '';
  if (named !== '') return named === builtIn ? null : await probeK6('REDCLIFF_K6', named);
  const found = onPath('k6', environment['PATH'] ?? '');
  // One that nobody named is passed over when it is of no use.
  return found === undefined ? null : await probeK6('PATH', found).catch(() => null);
}

async function probeK6(field: string, path: string): Promise<K6Program> {
  const remedy = `give the path of k6 1.0 or later, or ${builtIn} for the built-in runtime`;
  try {
    const { stdout } = await promisify(execFile)(path, ['version'], { timeout: probeTimeoutMs });
    const version = /k6(?:\.exe)? v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version === undefined) throw new Error(`"${path} version" printed no version of k6`);
    if (Number.parseInt(version, 10) < oldestMajor) throw new Error(`it is ${version}, which is too old`);
    return { path, version };
  } catch (error) {
    throw new MissingPartError(
      `${field} "${path}" is no k6 that can be run: ${error instanceof Error ? error.message : String(error)}`,
      remedy,
      { cause: error },
    );
  }
}
