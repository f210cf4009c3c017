/** What a simulated process offers to the modules of Node that it gets, and the machine it runs on. */
import type { EventEmitter } from 'node:events';
import type { Random } from '../../random.ts';
import type { EventOwner, SimulatedEvent } from '../world/event-queue.ts';
import type { Files } from '../world/files.ts';
import type { Network } from '../world/network.ts';
import type { Scheduler } from '../world/scheduler.ts';
import type { Trace } from '../world/trace.ts';
import type { ModuleInstances } from './module-instances.ts';

/** How it is started. */
export interface Program {
  /** Of the file that is run. */
  readonly path: string;
  readonly args: readonly string[];
  /** URLs that are loaded before, as `--import` names them. */
  readonly imports: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Files that its standard output and error are appended to; null for one that goes nowhere. */
  readonly output: readonly [string | null, string | null];
  /** Of a worker thread: what it got, and how it speaks to its process. */
  readonly thread?: { readonly workerData: unknown; readonly port: EventEmitter };
}

export interface ExitStatus {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Thrown by `process.exit`, so that nothing of the program runs after it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** What it has as `process`. */
export type ProcessObject = EventEmitter &
  Pick<NodeJS.Process, 'argv' | 'env' | 'exitCode' | 'stderr' | 'stdout'>;

export interface OwnProcess extends EventOwner {
  readonly machine: Machine;
  readonly program: Program;
  readonly object: ProcessObject;
  readonly modules: ModuleInstances;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly exited: EventEmitter<{ exit: [ExitStatus] }>;
  readonly isAlive: boolean;
  readonly cwd: string;
  builtins(name: string): object;
  /** One more thing keeps the process running. */
  hold(): void;
  release(): void;
  nextEvent(run: () => void): SimulatedEvent;
  /** How late its timers of that millisecond are: those of one process never overtake each other, as in Node. */
  timersLateNs(dueMs: number): number;
  nextTick(run: () => void): void;
  /** To its standard output, 1, or standard error, 2. */
  write(stream: 1 | 2, text: string | Uint8Array): void;
  exitNow(status: number): never;
  signal(signal: NodeJS.Signals): void;
  /** A worker thread ends with its process. */
  owns(thread: OwnProcess): void;
}

export interface Machine {
  readonly random: Random;
  readonly trace: Trace;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly files: Files;
  find(pid: number): OwnProcess | undefined;
  /** Its modules are loaded after `delayMs` of virtual time. A thread has the number of its process. */
  spawn(program: Program, delayMs: number, samePid?: number): OwnProcess;
  ended(process: OwnProcess): void;
}
