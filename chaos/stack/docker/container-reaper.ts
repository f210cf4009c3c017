/** The harness's side of the container reaper, which cleans up the containers of a stack when the harness cannot (see container-reaper-program.mjs). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Clock } from '../../clock.ts';
import { runIdVariable } from '../../process/run-id.ts';
import { withDeadline } from '../deadline.ts';
import type { EngineAddress } from './engine.ts';

const program = path.join(import.meta.dirname, 'container-reaper-program.mjs');
const readyDeadlineMs = 10_000;
const endDeadlineMs = 90_000;

/** Removes everything with the label when it is disposed of or the harness ends. */
export async function startContainerReaper(
  address: NonNullable<EngineAddress>,
  label: string,
  clock: Clock,
): Promise<AsyncDisposable> {
  // It must not carry the mark of the run: it has to outlive the clean-up of processes to do its own.
  const { [runIdVariable]: _run, ...environment } = process.env;
  const child = spawn(process.execPath, [program, JSON.stringify({ address, label })], {
    detached: true,
    env: environment,
    cwd: path.parse(program).root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  await withDeadline(once(child.stdout, 'data'), readyDeadlineMs, 'starting the container reaper', clock);
  child.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      child.ref();
      child.stdin.end('done\n');
      await withDeadline(exited, endDeadlineMs, 'removing the containers', clock);
    },
  };
}
