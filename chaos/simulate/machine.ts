/** The simulated machine: its clock, its network and its processes. Everything that could differ between two runs is drawn from the seed. */
import { type Random, seededRandom } from '../random.ts';
import {
  type ExitStatus,
  type Machine,
  type OwnProcess,
  ProcessEnded,
  type Program,
} from './programs/own-process.ts';
import { SimulatedProcess } from './programs/simulated-process.ts';
import type { EventOwner } from './world/event-queue.ts';
import { Files } from './world/files.ts';
import { Network } from './world/network.ts';
import { nsPerMs, Scheduler } from './world/scheduler.ts';
import { Trace } from './world/trace.ts';

/** 2026-01-01T00:00:00Z. */
const epochMs = 1_767_225_600_000;
/** No process of the real machine has such a number. */
const firstPid = 10_000_001;
const defaultLimitMs = 600_000;

export interface SimulationResult {
  readonly hash: string;
  readonly exit: ExitStatus;
  readonly events: number;
  readonly entries: number;
  /** Milliseconds of virtual time. */
  readonly simulatedMs: number;
}

export class SimulatedMachine implements Machine {
  readonly random: Random;
  readonly trace = new Trace();
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly files = new Files();
  readonly #processes = new Map<number, OwnProcess>();
  #nextPid = firstPid;

  constructor(seed: string) {
    this.random = seededRandom(`${seed}/simulation`);
    const { trace } = this;
    this.scheduler = new Scheduler({ random: this.random.fork('order'), trace, epochMs });
    this.network = new Network({ scheduler: this.scheduler, random: this.random.fork('network'), trace });
  }

  find(pid: number): OwnProcess | undefined {
    return this.#processes.get(pid);
  }

  /** Its modules are loaded after `delayMs` of virtual time. */
  spawn(program: Program, delayMs: number, samePid?: number): OwnProcess {
    const pid = samePid ?? this.#nextPid++;
    const spawned = new SimulatedProcess(this, pid, program);
    this.trace.add('spawn', this.scheduler.nowNs, pid, Buffer.from(program.args.length.toString()));
    if (samePid === undefined) this.#processes.set(pid, spawned);
    this.scheduler.after(Math.floor(delayMs * nsPerMs), spawned, () => spawned.start());
    return spawned;
  }

  ended(ended: OwnProcess): void {
    this.trace.add('exit', this.scheduler.nowNs, ended.pid);
    if (this.#processes.get(ended.pid) === ended) this.#processes.delete(ended.pid);
    this.network.processEnded(ended);
  }

  /** Runs until the process has ended. Rejects when nothing can happen any more. */
  async runUntilEnded(main: OwnProcess, limitMs = defaultLimitMs): Promise<SimulationResult> {
    let exit: ExitStatus = { status: null, signal: null };
    main.exited.once('exit', (status) => {
      exit = status;
      this.scheduler.end();
    });
    const uncaught = (error: unknown): void => this.#failed(this.scheduler.current, error);
    const rejected = (reason: unknown, promise: Promise<unknown>): void => {
      if (reason instanceof ProcessEnded) return;
      this.scheduler.current?.rejected(reason, promise);
    };
    process.on('uncaughtException', uncaught);
    process.on('unhandledRejection', rejected);
    try {
      await this.scheduler.run(limitMs * nsPerMs, (owner, error) => this.#failed(owner, error));
    } finally {
      process.off('uncaughtException', uncaught);
      process.off('unhandledRejection', rejected);
      for (const left of this.#processes.values()) left.signal('SIGKILL');
    }
    const { events, nowNs } = this.scheduler;
    const { entries } = this.trace;
    return { hash: this.trace.end(), exit, events, entries, simulatedMs: nowNs / nsPerMs };
  }

  #failed(owner: EventOwner | null, error: unknown): void {
    if (error instanceof ProcessEnded) return;
    if (owner === null) throw error;
    owner.fail(error);
  }
}
