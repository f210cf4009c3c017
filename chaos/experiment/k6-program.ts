/** A real k6 given by the user: found to be one before anything starts. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingPartError } from '../errors.ts';

const probeTimeoutMs = 10_000;

export async function probeK6(path: string): Promise<{ path: string; version: string }> {
  try {
    const { stdout } = await promisify(execFile)(path, ['version'], { timeout: probeTimeoutMs });
    const version = /k6(?:\.exe)? v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version !== undefined) return { path, version };
    throw new Error(`"${path} version" printed no version of k6`);
  } catch (error) {
    throw new MissingPartError(
      `--k6 "${path}" is no k6 that can be run: ${error instanceof Error ? error.message : String(error)}`,
      'give the path of k6 1.0 or later, or leave --k6 out for the built-in runtime',
    );
  }
}
