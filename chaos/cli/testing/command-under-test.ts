/** Runs the command as its user does, for tests: a process of its own, its output, and everything it may leave behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../redcliff.mjs', import.meta.url));
const markVariable = 'REDCLIFF_TEST_MARK';

export interface FinishedCommand {
  readonly status: number | null;
  readonly output: string;
}

export interface StartedCommand extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly finished: Promise<FinishedCommand>;
  /** What it has printed so far. */
  output(): string;
  /** Resolves when the output so far contains `text`; rejects when the command ends first. */
  outputs(text: string): Promise<void>;
  /** Command lines of processes that descend from this command and are still there. */
  left(): Promise<string[]>;
}

/** `environment` is added to the present one; `undefined` takes a variable out. With `input` a pipe, `child.stdin` is its keyboard. */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  input: 'ignore' | 'pipe' = 'ignore',
): StartedCommand {
  const mark = `${process.pid}-${(startedCommands += 1)}`;
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, ...environment, [markVariable]: mark },
    stdio: [input, 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const finished = once(child, 'close').then(([status]) => ({
    status: typeof status === 'number' ? status : null,
    output,
  }));
  return {
    child,
    finished,
    output: () => output,
    outputs: (text) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = (): void => (output.includes(text) ? resolve() : undefined);
      listeners.add(look);
      look();
      void finished.then(() => reject(new Error(`ended before it said "${text}": ${output}`)));
      return promise.finally(() => listeners.delete(look));
    },
    left: () => processesMarked(mark),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await finished;
    },
  };
}

let startedCommands = 0;

export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<FinishedCommand> {
  await using started = startCommand(args, environment);
  return await started.finished;
}

export async function scratchFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'redcliff-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Found by their environment, which every descendant inherits. */
async function processesMarked(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const variables = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!variables.split('\0').includes(`${markVariable}=${mark}`)) return [];
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return [`${pid} ${line.replaceAll('\0', ' ')}`];
    }),
  );
  return found.flat();
}
