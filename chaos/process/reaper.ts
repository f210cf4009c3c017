/**
 * The harness's side of the reaper, the process that cleans up when the harness cannot (see reaper-program.mjs). One
 * for each run; everything that starts a process or makes a temporary folder tells it so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type Clock, systemClock } from '../clock.ts';
import { ProcessesLeftBehind, ReaperLost } from './errors.ts';
import { newRunId, runIdVariable } from './run-id.ts';

const program = path.join(import.meta.dirname, 'reaper-program.mjs');
const readyDeadlineMs = 10_000;
/** More than the reaper's own grace and sweep take together. */
const endDeadlineMs = 10_000;

export interface Reaper extends AsyncDisposable {
  readonly runId: string;
  readonly pid: number;
  /** Environment for every process of the run; by it the reaper also finds processes that were not registered. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted with `ReaperLost` when the reaper dies before it was told to end; the run must be abandoned then. */
  readonly lost: AbortSignal;
  /** Registers the process group led by `pid` until disposed of. */
  watchGroup(pid: number): Disposable;
  /** Registers a folder to remove with the run; call it before the folder is created. */
  watchFolder(folder: string): Disposable;
  /** SIGKILL to every registered group at once, for an exit that cannot wait. */
  killEverything(): void;
  /** Ends the reaper. Throws `ProcessesLeftBehind` when processes of the run were still there; they are killed. */
  [Symbol.asyncDispose](): Promise<void>;
}

const messageSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('ended'), leftBehind: z.array(z.string()) }),
]);

export interface ReaperOptions {
  readonly runId?: string;
  readonly clock?: Clock;
}

export async function startReaper(options: ReaperOptions = {}): Promise<Reaper> {
  const reaper = new ReaperClient(options.runId ?? newRunId(), options.clock ?? systemClock);
  await reaper.ready();
  return reaper;
}

class ReaperClient implements Reaper {
  readonly runId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  readonly #groups = new Set<number>();
  readonly #lost = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited: Promise<void>;
  #ending = false;
  #leftBehind: readonly string[] = [];

  constructor(runId: string, clock: Clock) {
    this.runId = runId;
    this.#clock = clock;
    this.environment = { [runIdVariable]: runId };
    // The reaper must not carry the id of an outer run: it has to outlive that run's clean-up to do its own.
    const { [runIdVariable]: _outer, ...environment } = process.env;
    this.#child = spawn(process.execPath, [program, runId], {
      detached: true,
      env: environment,
      cwd: path.parse(program).root,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        if (!this.#ending) this.#lose(signal ?? `exit ${code}`);
        resolve();
      });
      this.#child.once('error', (error) => {
        this.#lose(error.message);
        resolve();
      });
    });
    this.#child.stdin?.on('error', (error) => this.#lose(error.message));
    this.#ready.promise.catch(() => {});
    this.#readMessages();
    // The reaper must not keep the harness alive.
    this.#child.unref();
    keepAlive(this.#child.stdin, false);
    keepAlive(this.#child.stdout, false);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async ready(): Promise<void> {
    this.#child.ref();
    using _deadline = this.#clock.timer(readyDeadlineMs, () => this.#lose('it did not become ready'));
    try {
      await this.#ready.promise;
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw error;
    } finally {
      this.#child.unref();
    }
  }

  watchGroup(pid: number): Disposable {
    this.#groups.add(pid);
    this.#tell({ watch: pid });
    return {
      [Symbol.dispose]: () => {
        if (this.#groups.delete(pid)) this.#tell({ forget: pid });
      },
    };
  }

  watchFolder(folder: string): Disposable {
    this.#tell({ folder });
    return { [Symbol.dispose]: () => this.#tell({ forgetFolder: folder }) };
  }

  killEverything(): void {
    for (const pid of this.#groups) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ending) {
      this.#ending = true;
      this.#child.ref();
      keepAlive(this.#child.stdout, true);
      this.#tell({ end: true });
      this.#child.stdin?.end();
      using _deadline = this.#clock.timer(endDeadlineMs, () => this.#child.kill('SIGKILL'));
      await this.#exited;
    }
    if (this.#leftBehind.length > 0) throw new ProcessesLeftBehind(this.#leftBehind);
  }

  #lose(reason: string): void {
    const error = new ReaperLost(reason);
    this.#ready.reject(error);
    this.#lost.abort(error);
  }

  /** The pipe is written to at once, within this call, as long as the reaper keeps up with reading. */
  #tell(order: Readonly<Record<string, unknown>>): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #readMessages(): void {
    const stdout = this.#child.stdout;
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (line) => {
      const message = messageSchema.parse(JSON.parse(line));
      if (message.event === 'ready') this.#ready.resolve();
      else this.#leftBehind = message.leftBehind;
    });
  }
}

/** Pipes to a child are sockets, which the types do not say. */
function keepAlive(stream: unknown, keep: boolean): void {
  if (!(stream instanceof Socket)) return;
  if (keep) stream.ref();
  else stream.unref();
}
