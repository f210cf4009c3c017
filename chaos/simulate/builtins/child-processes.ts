/** `node:child_process` and `node:worker_threads` of one simulated process: children and threads are processes of the simulation. */
import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import workerThreads from 'node:worker_threads';
import { NotSimulated } from '../errors.ts';
import type { OwnProcess, Program } from '../programs/own-process.ts';
import { nsPerMs } from '../world/scheduler.ts';

/** From the start of a Node.js process to the first line of its program. */
const startMinMs = 40;
const startSpreadMs = 40;
const threadStartMs = 15;

interface SpawnOptions {
  readonly cwd?: string | URL;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdio?: unknown;
}

export function childProcessesOf(parent: OwnProcess): object {
  const random = parent.machine.random.fork(`children ${parent.pid}`);
  const spawn = (command: string, ...rest: unknown[]): EventEmitter => {
    const args = (Array.isArray(rest[0]) ? rest[0] : []) as string[];
    const options = (Array.isArray(rest[0]) ? rest[1] : rest[0]) as SpawnOptions | undefined;
    const program = programOf(parent, command, args, options ?? {});
    const child = parent.machine.spawn(program, startMinMs + random.next() * startSpreadMs);
    const told = Object.assign(new EventEmitter(), {
      pid: child.pid,
      stdin: null,
      stdout: null,
      stderr: null,
      exitCode: null as number | null,
      signalCode: null as NodeJS.Signals | null,
      killed: false,
      kill: (signal: NodeJS.Signals = 'SIGTERM') => {
        if (!child.isAlive) return false;
        child.signal(signal);
        return true;
      },
      ref: () => undefined,
      unref: () => undefined,
    });
    parent.hold();
    child.exited.once('exit', ({ status, signal }) => {
      parent.machine.scheduler.after(nsPerMs, parent, () => {
        parent.release();
        told.exitCode = status;
        told.signalCode = signal;
        told.emit('exit', status, signal);
        told.emit('close', status, signal);
      });
    });
    parent.nextEvent(() => told.emit('spawn'));
    return told;
  };
  const refuse = (name: string) => (command: unknown) => {
    throw new NotSimulated(`child_process.${name} (${String(command)})`);
  };
  const refused = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawnSync'];
  return { spawn, ...Object.fromEntries(refused.map((name) => [name, refuse(name)])) };
}

function programOf(
  parent: OwnProcess,
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Program {
  if (command !== process.execPath && basename(command) !== 'node')
    throw new NotSimulated(`program ${command}: only Node.js programs run in it`);
  const env = options.env ?? parent.object.env;
  const nodeOptions = (env['NODE_OPTIONS'] ?? '').split(' ').filter((option) => option !== '');
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const path = args[at];
  if (path === undefined) throw new NotSimulated(`Node.js without the path of a program (${args.join(' ')})`);
  const imports = [...nodeOptions, ...args.slice(0, at)].map((option) => {
    const url = /^--import=(.+)$/.exec(option)?.[1];
    if (url === undefined) throw new NotSimulated(`option ${option} of Node.js`);
    return url;
  });
  const cwd = options.cwd instanceof URL ? fileURLToPath(options.cwd) : (options.cwd ?? parent.cwd);
  const { stdio } = options;
  const [, out = 'pipe', err = 'pipe'] = Array.isArray(stdio) ? (stdio as unknown[]) : [stdio, stdio, stdio];
  return {
    path: path.startsWith('/') ? path : `${cwd}/${path}`,
    args: args.slice(at + 1),
    imports,
    env,
    cwd,
    output: [outputOf(parent, out, 1), outputOf(parent, err, 2)],
  };
}

function outputOf(parent: OwnProcess, stdio: unknown, stream: 1 | 2): string | null {
  if (typeof stdio === 'number') return parent.machine.files.pathOf(stdio);
  if (stdio === 'ignore') return null;
  if (stdio === 'inherit') return parent.program.output[stream - 1] ?? null;
  throw new NotSimulated(`stdio ${String(stdio)} of a child process`);
}

interface WorkerOptions {
  readonly workerData?: unknown;
  readonly argv?: readonly unknown[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function workerThreadsOf(own: OwnProcess): object {
  const { machine, program } = own;

  class Worker extends EventEmitter {
    readonly #thread: OwnProcess;
    readonly #port = new EventEmitter();

    constructor(file: string | URL, options: WorkerOptions = {}) {
      super();
      const toThread = this.#port;
      const port = messagePort(
        () => this.#thread,
        toThread,
        (value) =>
          machine.scheduler.at(machine.scheduler.nowNs, own, () => this.emit('message', value), true),
      );
      this.#thread = machine.spawn(
        {
          ...program,
          path: file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file,
          args: (options.argv ?? []).map(String),
          imports: [],
          env: options.env ?? own.object.env,
          cwd: own.cwd,
          output: [outputOf(own, 'inherit', 1), outputOf(own, 'inherit', 2)],
          thread: { workerData: structuredClone(options.workerData), port },
        },
        threadStartMs,
        own.pid,
      );
      own.owns(this.#thread);
      own.hold();
      this.#thread.exited.once('exit', ({ status }) => {
        if (!own.isAlive) return;
        own.nextEvent(() => {
          own.release();
          this.emit('exit', status ?? 1);
        });
      });
    }

    postMessage(value: unknown): void {
      const message = structuredClone(value);
      machine.scheduler.at(machine.scheduler.nowNs, this.#thread, () => deliver(this.#port, message), true);
    }

    async terminate(): Promise<number> {
      this.#thread.signal('SIGKILL');
      return 1;
    }

    ref(): void {}

    unref(): void {}
  }
  const { thread } = program;
  return {
    ...workerThreads,
    Worker,
    isMainThread: thread === undefined,
    parentPort: thread?.port ?? null,
    workerData: thread?.workerData ?? null,
    threadId: thread === undefined ? 0 : 1,
  };
}

/** What comes before something listens is kept for it, as by a port of Node's. */
const early = new WeakMap<EventEmitter, unknown[]>();

function deliver(port: EventEmitter, message: unknown): void {
  if (port.emit('message', message)) return;
  const kept = early.get(port) ?? [];
  early.set(port, [...kept, message]);
}

/** The thread's end. While something listens to it the thread goes on, unless it was unreferenced. */
function messagePort(
  thread: () => OwnProcess,
  port: EventEmitter,
  send: (value: unknown) => void,
): EventEmitter {
  let held = false;
  const hold = (): void => {
    if (!held) thread().hold();
    held = true;
  };
  const release = (): void => {
    if (held) thread().release();
    held = false;
  };
  port.on('newListener', (name) => {
    if (name !== 'message') return;
    hold();
    const kept = early.get(port) ?? [];
    early.delete(port);
    const { scheduler } = thread().machine;
    for (const message of kept)
      scheduler.at(scheduler.nowNs, thread(), () => port.emit('message', message), true);
  });
  return Object.assign(port, {
    postMessage: (value: unknown) => send(structuredClone(value)),
    ref: hold,
    unref: release,
    close: release,
  });
}
