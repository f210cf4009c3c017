/** A child process of a test: its JSON lines, signals, and guaranteed disposal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const lineSchema = z.looseObject({});
export type LogLine = z.output<typeof lineSchema>;

interface SpawnOptions {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const readyGuardMs = 45_000;
const endGuardMs = 45_000;

export class SpawnedProcess implements AsyncDisposable {
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #stderr = '';
  #output = '';

  constructor(options: SpawnOptions) {
    this.#child = spawn(options.command, options.arguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    });
    const { promise, resolve } = Promise.withResolvers<number | null>();
    this.#exited = promise;
    this.#child.once('exit', (code) => resolve(code));
    this.#child.once('error', (error) => {
      this.#stderr += error.message;
      resolve(null);
    });
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line));
    }
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#stderr += data.toString();
    });
  }

  /** Everything written to stdout, line by line. */
  get output(): string {
    return this.#output;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The first line that `matches`; throws when the process ends before, or takes very long. */
  async waitForLine(matches: (line: LogLine) => boolean): Promise<LogLine> {
    const guard = AbortSignal.timeout(readyGuardMs);
    for (;;) {
      const line = this.lines.find(matches);
      if (line !== undefined) return line;
      if (!this.running || guard.aborted) {
        throw new Error(`the line did not come:\n${this.#stderr}\n${this.#output.slice(-4_000)}`);
      }
      await sleep(10);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The exit status, null after a signal that was not handled. */
  async end(name: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.running) this.signal(name);
    const guard = new AbortController();
    try {
      const late = sleep(endGuardMs, 'late' as const, { signal: guard.signal });
      late.catch(() => undefined);
      const code = await Promise.race([this.#exited, late]);
      if (code !== 'late') return code;
      this.#child.kill('SIGKILL');
      throw new Error(`the process did not end on ${name}:\n${this.#output.slice(-4_000)}`);
    } finally {
      guard.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A paused process takes no other signal.
    if (this.running) this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #read(line: string): void {
    this.#output += `${line}\n`;
    try {
      this.lines.push(lineSchema.parse(JSON.parse(line)));
    } catch {
      // Not every program logs JSON; the text is kept for messages.
    }
  }
}
