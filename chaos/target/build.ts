/** The build steps of a target: commands that run once, before anything is started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UsageError } from '../errors.ts';
import type { LoadedTarget } from './load-config.ts';
import { executable } from './process.ts';

const deadlineMs = 10 * 60_000;
const shownLines = 12;

/** Runs them one after the other, with the present environment. Throws UsageError, which names the step and shows the end of its output. */
export async function buildTarget(
  { build = [], folder }: Pick<LoadedTarget, 'build' | 'folder'>,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, [program, ...args]] of build.entries()) {
    const step = `build.${index}: ${[program, ...args].join(' ')}`;
    const child = spawn(executable(program), args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-16_384)));
    const [status, killedBy] = await once(child, 'close').catch((error: unknown) => {
      signal.throwIfAborted();
      throw new UsageError(
        `${step}: ${error instanceof Error ? error.message : String(error)}`,
        'correct the command',
        { cause: error },
      );
    });
    if (status === 0) continue;
    const lines = output.trimEnd().split('\n').slice(-shownLines);
    throw new UsageError(
      `${step} ended with ${status === null ? String(killedBy) : `status ${String(status)}`}${lines.map((line) => `\n  | ${line}`).join('')}`,
      'run it by hand in the folder of the target',
    );
  }
}
