/**
 * One server of a local stack: a process that can be killed, started again on the same port, paused and resumed, and
 * whose unexpected end is noticed.
 */
import { appendFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { ProcessNotReady } from '../process/errors.ts';
import {
  describeExit,
  type RunningProcess,
  spawnSupervised,
  type SupervisedOptions,
} from '../process/supervised-process.ts';
import type { Reaper } from '../process/reaper.ts';
import type { StackPart, UnexpectedExit } from './contract.ts';
import { PartStateError } from './errors.ts';
import { freePort } from './free-port.ts';

/** What differs between Redis, MongoDB and Toxiproxy, and between the real and the embedded one. */
export interface PartLaunch {
  readonly part: StackPart;
  /** Command line and readiness for a port and a data folder. */
  command(port: number, dataFolder: string): Pick<SupervisedOptions, 'command' | 'args' | 'env' | 'ready'>;
  /** Makes a process that is ready answer as the stack promises, such as by initiating the replica set. */
  prepare?(port: number, signal: AbortSignal): Promise<void>;
}

export interface PartServerOptions {
  readonly launch: PartLaunch;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly reaper: Reaper;
  readonly clock: Clock;
  /** Gives up starting. */
  readonly signal: AbortSignal;
  readonly onUnexpectedExit: (exit: UnexpectedExit) => void;
}

/** How often another port is tried when the one chosen was taken before the server had it. */
const portAttempts = 5;

export class PartServer implements AsyncDisposable {
  readonly port: number;
  readonly #options: PartServerOptions;
  #process: RunningProcess;

  private constructor(options: PartServerOptions, port: number, process: RunningProcess) {
    this.#options = options;
    this.port = port;
    this.#process = process;
  }

  static async start(options: PartServerOptions): Promise<PartServer> {
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      try {
        return new PartServer(options, port, await launch(options, port));
      } catch (error) {
        // Until the server listens, the port is not ours, and anyone may take it.
        if (attempt === portAttempts || !isPortTaken(error)) throw error;
        appendFileSync(
          options.logFile,
          `redcliff: port ${port} was taken in the meantime, trying another one\n`,
        );
      }
    }
  }

  async kill(): Promise<void> {
    await this.#running('be killed').kill();
  }

  async restart(empty: boolean): Promise<void> {
    if (this.#process.state.kind !== 'stopped') {
      throw new PartStateError(this.#options.launch.part, 'be started again', this.#process.state.kind);
    }
    if (empty) await rm(this.#options.dataFolder, { recursive: true, force: true });
    this.#process = await launch(this.#options, this.port);
  }

  pause(): void {
    this.#running('be paused').pause();
  }

  resume(): void {
    this.#running('be resumed').resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }

  #running(asked: string): RunningProcess {
    if (this.#process.state.kind === 'stopped')
      throw new PartStateError(this.#options.launch.part, asked, 'stopped');
    return this.#process;
  }
}

async function launch(options: PartServerOptions, port: number): Promise<RunningProcess> {
  const { launch: how, dataFolder, logFile, reaper, clock, signal, onUnexpectedExit } = options;
  await mkdir(dataFolder, { recursive: true });
  const started = await spawnSupervised({
    name: how.part,
    ...how.command(port, dataFolder),
    cwd: dataFolder,
    endedEarly: 'a server runs until it is stopped, so this is another program',
    logFile,
    reaper,
    clock,
    signal,
    onUnexpectedExit: (exit) => {
      const words = started.lastLines(3).map((line) => `; ${line}`);
      onUnexpectedExit({ part: how.part, detail: `ended with ${describeExit(exit)}${words.join('')}` });
    },
  });
  try {
    await how.prepare?.(port, signal);
    return started;
  } catch (error) {
    await started.kill();
    throw error;
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof ProcessNotReady && /address already in use|EADDRINUSE/i.test(error.message);
}
