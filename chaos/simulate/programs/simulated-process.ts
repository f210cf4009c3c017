/** One Node.js process of a simulation: its life, its signals, and what keeps it alive. Its modules see only what `builtins/` gives them. */
import { EventEmitter } from 'node:events';
import { appendFileSync } from 'node:fs';
import type { SimulatedEvent } from '../world/event-queue.ts';
import { builtinsOf } from '../builtins/builtins.ts';
import { globalsOf } from '../builtins/globals.ts';
import { makeProcessObject } from '../builtins/process-object.ts';
import { ModuleInstances } from './module-instances.ts';
import {
  type ExitStatus,
  type Machine,
  type OwnProcess,
  ProcessEnded,
  type ProcessObject,
  type Program,
} from './own-process.ts';

/** Below a millisecond. */
const latestNs = 400_000;
/** 2³² divided by the golden ratio, by which numbers next to each other come to lie far apart. */
const hashFactor = 0x9e3779b1;

export class SimulatedProcess implements OwnProcess {
  readonly machine: Machine;
  readonly pid: number;
  readonly program: Program;
  readonly modules: ModuleInstances;
  /** What its modules have as `process`. */
  readonly object: ProcessObject;
  readonly exited = new EventEmitter<{ exit: [ExitStatus] }>().setMaxListeners(0);
  readonly globals: Record<string, unknown>;
  readonly builtins: (name: string) => object;
  exit: ExitStatus | null = null;
  readonly cwd: string;
  readonly #heldBack: SimulatedEvent[] = [];
  readonly #threads = new Set<OwnProcess>();
  readonly #lateness: number;
  #paused = false;
  #held = 0;
  #started = false;
  #beforeExitTold = false;

  constructor(machine: Machine, pid: number, program: Program) {
    this.machine = machine;
    this.pid = pid;
    this.program = program;
    this.cwd = program.cwd;
    this.#lateness = machine.random.fork(`timers ${pid}`).integer(0, 0x7fffffff);
    this.object = makeProcessObject(this);
    this.builtins = builtinsOf(this);
    this.globals = globalsOf(this);
    this.modules = new ModuleInstances({
      globals: this.globals,
      main: program.path,
      builtin: (name) => this.builtins(name),
    });
  }

  get isAlive(): boolean {
    return this.exit === null;
  }

  /** Whether an event of it may run now. One that may not is kept while it is paused, and dropped when it has ended. */
  takes(event: SimulatedEvent): boolean {
    if (this.exit !== null) return false;
    if (!this.#paused) return true;
    this.#heldBack.push(event);
    return false;
  }

  /** Loads its modules; what they do at their top level runs in the same event. */
  start(): void {
    const { path, imports } = this.program;
    this.#started = true;
    this.hold();
    const load = async (): Promise<void> => {
      for (const url of imports) {
        // They are loaded one behind the other, as `--import` does.
        // oxlint-disable-next-line no-await-in-loop
        await this.modules.import(url, path);
      }
      await this.modules.import(path, path);
    };
    load().then(
      () => this.release(),
      (error: unknown) => this.fail(error),
    );
  }

  /** One more thing keeps the process running. */
  hold(): void {
    this.#held += 1;
  }

  release(): void {
    this.#held -= 1;
  }

  nextEvent(run: () => void): SimulatedEvent {
    return this.machine.scheduler.after(0, this, run);
  }

  timersLateNs(dueMs: number): number {
    return (Math.imul(dueMs ^ this.#lateness, hashFactor) >>> 0) % latestNs;
  }

  nextTick(run: () => void): void {
    process.nextTick(() => {
      if (this.exit === null) run();
    });
  }

  /** After each of its events: a process with nothing left to wait for ends. */
  settle(): void {
    if (this.exit !== null || !this.#started || this.#held > 0 || this.#paused) return;
    if (!this.#beforeExitTold) {
      this.#beforeExitTold = true;
      this.object.emit('beforeExit', Number(this.object.exitCode ?? 0));
      // What a listener does gets a turn.
      this.nextEvent(() => undefined);
      return;
    }
    this.#endedItself(Number(this.object.exitCode ?? 0));
  }

  /** `process.exit`: never returns. */
  exitNow(status: number): never {
    this.#endedItself(status);
    throw new ProcessEnded();
  }

  #endedItself(status: number): void {
    if (this.exit !== null) return;
    try {
      this.object.exitCode = status;
      this.object.emit('exit', status);
    } catch (error) {
      if (!(error instanceof ProcessEnded)) this.write(2, describe(error));
    }
    this.#end({ status, signal: null });
  }

  /** An error that no code of the process has caught. */
  fail(error: unknown): void {
    if (this.exit !== null || error instanceof ProcessEnded) return;
    if (this.object.listenerCount('uncaughtException') > 0) {
      this.object.emit('uncaughtException', error, 'uncaughtException');
      return;
    }
    this.write(2, `${describe(error)}\n\nNode.js ${process.version}\n`);
    this.#endedItself(1);
  }

  /** A rejection that nothing handles ends a process, unless it listens for it. */
  rejected(reason: unknown, promise: Promise<unknown>): void {
    if (this.exit !== null || reason instanceof ProcessEnded) return;
    if (this.object.listenerCount('unhandledRejection') > 0)
      this.object.emit('unhandledRejection', reason, promise);
    else this.fail(reason);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.exit !== null) return;
    switch (signal) {
      case 'SIGKILL':
        this.#end({ status: null, signal });
        break;
      case 'SIGSTOP':
        this.#paused = true;
        for (const thread of this.#threads) thread.signal(signal);
        break;
      case 'SIGCONT':
        this.#resume();
        for (const thread of this.#threads) thread.signal(signal);
        break;
      default:
        this.machine.scheduler.after(0, this, () => {
          if (this.object.listenerCount(signal) > 0) this.object.emit(signal, signal);
          else this.#end({ status: null, signal });
        });
    }
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const event of this.#heldBack.splice(0)) this.machine.scheduler.again(event);
  }

  /** A worker thread ends with its process. */
  owns(thread: OwnProcess): void {
    this.#threads.add(thread);
    thread.exited.once('exit', () => this.#threads.delete(thread));
  }

  write(stream: 1 | 2, text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.machine.trace.add('output', this.machine.scheduler.nowNs, this.pid);
    const file = this.program.output[stream - 1];
    if (file !== null && file !== undefined) appendFileSync(file, bytes);
  }

  #end(exit: ExitStatus): void {
    if (this.exit !== null) return;
    this.exit = exit;
    for (const thread of this.#threads) thread.signal('SIGKILL');
    this.#heldBack.length = 0;
    this.machine.ended(this);
    this.exited.emit('exit', exit);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : `Uncaught ${String(error)}`;
}
