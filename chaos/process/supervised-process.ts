/**
 * Child processes with an owner: each becomes ready within a deadline or fails with the end of its log, is ended with its whole
 * process group, and is known to the reaper from the moment it exists.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { ProcessNotReady, ProcessStateError, ProgramMissing } from './errors.ts';
import { LogTail, sizeOf } from './log-tail.ts';
import { type Readiness, waitUntilReady } from './readiness.ts';
import type { Reaper } from './reaper.ts';

export interface ProcessExit {
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether the harness asked for it. */
  readonly expected: boolean;
}

type ProcessState =
  | { readonly kind: 'starting'; readonly pid: number }
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'paused'; readonly pid: number }
  | { readonly kind: 'stopping'; readonly pid: number }
  | { readonly kind: 'stopped'; readonly exit: ProcessExit };

export interface SupervisedOptions {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of the harness. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Takes stdout and stderr; appended to when it exists. */
  readonly logFile: string;
  readonly ready: Readiness;
  /** What has not happened when it is not ready in time, in words. */
  readonly readyWhen?: string;
  /** What it means, in words, that it ends with status 0 before it is ready. */
  readonly endedEarly?: string;
  readonly reaper: Reaper;
  readonly readyDeadlineMs?: number;
  /** Time between SIGTERM and SIGKILL in `stop`. */
  readonly stopGraceMs?: number;
  /** Gives up starting, with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Called when it ends, once ready, without the harness having asked for it. */
  readonly onUnexpectedExit?: (exit: ProcessExit) => void;
}

export interface RunningProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** The line that showed it to be ready, where a line did. */
  readonly readyLine: string | undefined;
  readonly state: ProcessState;
  /** Resolves when it has ended, however that came; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** SIGKILL to the whole group; resolves when it is gone. */
  kill(): Promise<ProcessExit>;
  /** SIGTERM, and SIGKILL after the grace; resolves when it is gone. */
  stop(): Promise<ProcessExit>;
  /** SIGSTOP to the whole group. Throws `ProcessStateError` unless it runs. */
  pause(): void;
  /** SIGCONT to the whole group. Throws `ProcessStateError` unless it is paused. */
  resume(): void;
  /** Any other signal, such as SIGHUP, to the process alone. */
  signal(signal: NodeJS.Signals): void;
  lastLines(count?: number): string[];
}

const defaultReadyDeadlineMs = 15_000;
const defaultStopGraceMs = 5_000;

/** Throws `ProgramMissing` when it cannot be executed, `ProcessNotReady` when it ends or takes too long before it is ready. */
export async function spawnSupervised(options: SupervisedOptions): Promise<RunningProcess> {
  options.signal?.throwIfAborted();
  options.reaper.lost.throwIfAborted();
  const supervised = new SupervisedProcess(options);
  try {
    await supervised.becomeReady();
    return supervised;
  } catch (error) {
    await supervised.kill();
    throw error;
  }
}

class SupervisedProcess implements RunningProcess {
  readonly name: string;
  readonly logFile: string;
  readonly exited: Promise<ProcessExit>;
  readyLine: string | undefined;
  state: ProcessState;
  readonly #options: SupervisedOptions;
  readonly #clock: Clock;
  readonly #log: LogTail;
  readonly #child: ChildProcess;
  readonly #registration: Disposable | undefined;
  readonly #failedToStart = new AbortController();
  #expected = false;

  constructor(options: SupervisedOptions) {
    this.name = options.name;
    this.logFile = options.logFile;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    mkdirSync(path.dirname(options.logFile), { recursive: true });
    this.#log = new LogTail(options.logFile, sizeOf(options.logFile));
    const output = openSync(options.logFile, 'a');
    try {
      this.#child = spawn(options.command, options.args, {
        // A group of its own: Ctrl-C reaches the harness alone, and the whole group can be signalled.
        detached: true,
        env: { ...process.env, ...options.env, ...options.reaper.environment },
        stdio: ['ignore', output, output],
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      });
    } finally {
      closeSync(output);
    }
    const pid = this.#child.pid;
    this.#registration = pid === undefined ? undefined : options.reaper.watchGroup(pid);
    this.state = { kind: 'starting', pid: pid ?? 0 };
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (status, signal) => resolve(this.#ended(status, signal)));
      this.#child.once('error', (error) => {
        this.#failedToStart.abort(new ProgramMissing(this.name, options.command, error.message));
        if (this.#child.pid === undefined) resolve(this.#ended(null, null));
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async becomeReady(): Promise<void> {
    const { ready, readyDeadlineMs = defaultReadyDeadlineMs, readyWhen, endedEarly, signal } = this.#options;
    const missing = readyWhen === undefined ? '' : `: ${readyWhen}`;
    const failed = this.#failedToStart;
    using _deadline = this.#clock.timer(readyDeadlineMs, () =>
      failed.abort(this.#notReady(`it was not within ${readyDeadlineMs} ms${missing}`, true)),
    );
    const abandon = () => failed.abort(signal?.reason);
    signal?.addEventListener('abort', abandon, { once: true });
    void this.exited.then((exit) =>
      failed.abort(
        this.#notReady(
          `it ended with ${describeExit(exit)}${exit.status === 0 && endedEarly !== undefined ? `: ${endedEarly}` : ''}`,
          false,
        ),
      ),
    );
    try {
      // Without a pid it was never there, and the reason is about to come.
      if (this.#child.pid === undefined) await this.exited;
      this.readyLine = await waitUntilReady(ready, this.#log, this.#clock, failed.signal);
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
    this.state = { kind: 'running', pid: this.pid };
  }

  kill(): Promise<ProcessExit> {
    if (this.state.kind !== 'stopped') this.#signalGroup('SIGKILL');
    return this.#leave();
  }

  async stop(): Promise<ProcessExit> {
    if (this.state.kind === 'stopped') return this.exited;
    this.signal('SIGTERM');
    // A paused process acts on SIGTERM only once it runs again.
    this.#signalGroup('SIGCONT');
    using _grace = this.#clock.timer(this.#options.stopGraceMs ?? defaultStopGraceMs, () => {
      if (this.state.kind !== 'stopped') this.#signalGroup('SIGKILL');
    });
    return await this.#leave();
  }

  pause(): void {
    if (this.state.kind !== 'running') throw new ProcessStateError(this.name, 'be paused', this.state.kind);
    this.#signalGroup('SIGSTOP');
    this.state = { kind: 'paused', pid: this.pid };
  }

  resume(): void {
    if (this.state.kind !== 'paused') throw new ProcessStateError(this.name, 'be resumed', this.state.kind);
    this.#signalGroup('SIGCONT');
    this.state = { kind: 'running', pid: this.pid };
  }

  signal(signal: NodeJS.Signals): void {
    if (this.state.kind === 'stopped')
      throw new ProcessStateError(this.name, `take ${signal}`, this.state.kind);
    this.#child.kill(signal);
  }

  lastLines(count?: number): string[] {
    return this.#log.lastLines(count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #leave(): Promise<ProcessExit> {
    if (this.state.kind !== 'stopped') {
      this.#expected = true;
      this.state = { kind: 'stopping', pid: this.pid };
    }
    return this.exited;
  }

  #ended(status: number | null, signal: NodeJS.Signals | null): ProcessExit {
    const exit: ProcessExit = { status, signal, expected: this.#expected };
    const unexpected = this.state.kind === 'running' || this.state.kind === 'paused';
    this.state = { kind: 'stopped', exit };
    // What it started in its group must not outlive it.
    if (this.#child.pid !== undefined) this.#signalGroup('SIGKILL');
    this.#registration?.[Symbol.dispose]();
    if (unexpected) this.#options.onUnexpectedExit?.(exit);
    return exit;
  }

  #notReady(reason: string, timedOut: boolean): ProcessNotReady {
    const log = { file: this.logFile, lastLines: this.#log.lastLines() };
    return new ProcessNotReady(this.name, reason, log, timedOut);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // ESRCH: gone already. On macOS, EPERM: only zombies are left.
      if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')))
        throw error;
    }
  }
}

/** Such as `status 1` or `SIGKILL`. */
export function describeExit(exit: ProcessExit): string {
  return exit.signal ?? (exit.status === null ? 'no status' : `status ${exit.status}`);
}
