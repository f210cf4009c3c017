/** A VU whose script runs in a thread of its own, as the run sees it. */
import { Worker } from 'node:worker_threads';
import type { Asked, CallFacts, OperationName, Operations, Started, Tags, Told } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { messageOf } from '../errors.ts';
import { startOperation } from '../host/operations.ts';
import { createAsked, createTold } from '../host/vu-host.ts';
import { InitError } from '../realm/script-instance.ts';
import type {
  Script,
  ScriptCall,
  ScriptEnd,
  ScriptExports,
  ScriptProgram,
} from '../realm/script-instance.ts';
import { isSentHandle } from './protocol.ts';
import type { ToRun, ToVu, VuThreadData } from './protocol.ts';

const entry = new URL(`./vu-thread${/\.[jt]s$/.exec(import.meta.url)?.[0] ?? '.js'}`, import.meta.url);

/** A thread that has not taken an interruption by then is stuck in its script. */
const stuckAfterMs = 1000;

/** V8 would let the young generation of each thread grow to what one program needs. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, stackSizeMb: 2 };

export class ThreadedScript implements Script {
  readonly #run: RunState;
  readonly #vu: VirtualUser;
  readonly #program: ScriptProgram;
  readonly #seed: string | undefined;
  #thread: VuThread | undefined;
  #exports: ScriptExports | undefined;
  tags: Tags = {};

  constructor(run: RunState, vu: VirtualUser, program: ScriptProgram, seed: string | undefined) {
    this.#run = run;
    this.#vu = vu;
    this.#program = program;
    this.#seed = seed;
  }

  /** Runs the top-level code. Throws an `InitError` when that does. */
  static async create(
    run: RunState,
    vu: VirtualUser,
    program: ScriptProgram,
    seed: string | undefined,
  ): Promise<ThreadedScript> {
    const script = new ThreadedScript(run, vu, program, seed);
    await script.#ready();
    return script;
  }

  get exports(): ScriptExports {
    return this.#exports ?? { functions: [], optionsJson: undefined, others: [] };
  }

  async call(call: ScriptCall, facts: CallFacts): Promise<ScriptEnd> {
    const thread = await this.#ready();
    return thread.call(call, facts);
  }

  interrupt(): void {
    this.#thread?.interrupt();
  }

  [Symbol.dispose](): void {
    this.#thread?.end();
    this.#thread = undefined;
  }

  /** The thread, or a new one in place of one that did not take an interruption. */
  async #ready(): Promise<VuThread> {
    if (this.#thread !== undefined && (await this.#thread.isFree())) return this.#thread;
    this.#thread?.end();
    const thread = new VuThread(this.#run, this.#vu, this.#program, this.#seed, (tags) => (this.tags = tags));
    this.#thread = thread;
    this.#exports = await thread.ready;
    return thread;
  }
}

class VuThread {
  readonly #run: RunState;
  readonly #program: ScriptProgram;
  readonly #worker: Worker;
  readonly #signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #told: Told;
  readonly #asked: Asked;
  readonly #vu: VirtualUser;
  readonly #started = new Map<number, Started>();
  readonly #handles = new Map<number, object>();
  readonly #onTags: (tags: Tags) => void;
  readonly #readiness = Promise.withResolvers<ScriptExports>();
  /** Resolves what waits for the end of the call under way, which an interruption has taken for ended. */
  #call: PromiseWithResolvers<ScriptEnd> | undefined;
  #calmed: PromiseWithResolvers<boolean> | undefined;
  #lastHandle = 0;
  #ended = false;

  constructor(
    run: RunState,
    vu: VirtualUser,
    program: ScriptProgram,
    seed: string | undefined,
    onTags: (tags: Tags) => void,
  ) {
    this.#run = run;
    this.#vu = vu;
    this.#program = program;
    this.#onTags = onTags;
    this.#told = createTold(run, vu);
    this.#asked = createAsked(run, vu);
    const workerData: VuThreadData = {
      builtinModules: [...program.builtins.graph.modules],
      entry: program.graph.entry,
      environment: run.environment,
      modules: [...program.graph.modules],
      seed,
      signal: this.#signal,
      vu: vu.id,
    };
    this.#worker = new Worker(entry, { resourceLimits, stdin: false, workerData });
    this.#worker.on('message', (message: ToRun) => this.#take(message));
    this.#worker.on('error', (error) => this.#fail(messageOf(error)));
    this.#worker.on('exit', () => this.#fail('the thread of the VU has ended'));
  }

  get ready(): Promise<ScriptExports> {
    return this.#readiness.promise;
  }

  call(call: ScriptCall, facts: CallFacts): Promise<ScriptEnd> {
    this.#call = Promise.withResolvers<ScriptEnd>();
    this.#post({ call, facts, type: 'call' });
    return this.#call.promise;
  }

  interrupt(): void {
    const call = this.#call;
    if (call === undefined || this.#calmed !== undefined) return;
    this.#calmed = Promise.withResolvers<boolean>();
    for (const started of this.#started.values()) started.cancel();
    this.#started.clear();
    this.#post({ type: 'interrupt' });
    call.resolve({ state: 'interrupted' });
  }

  /** Whether the thread can take another call; waits a while for one that was interrupted. */
  async isFree(): Promise<boolean> {
    if (this.#ended) return false;
    const calmed = this.#calmed;
    if (calmed === undefined) return true;
    using _deadline = this.#run.clock.timer(stuckAfterMs, () => calmed.resolve(false));
    return calmed.promise;
  }

  end(): void {
    this.#ended = true;
    for (const started of this.#started.values()) started.cancel();
    this.#started.clear();
    void this.#worker.terminate();
  }

  #post(message: ToVu): void {
    this.#worker.postMessage(message);
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }

  #fail(message: string): void {
    const wasEnded = this.#ended;
    this.#ended = true;
    this.#readiness.promise.catch(() => undefined);
    this.#readiness.reject(new Error(message));
    this.#calmed?.resolve(false);
    this.#call?.resolve(
      wasEnded ? { state: 'interrupted' } : { error: { message, name: 'Error', stack: '' }, state: 'threw' },
    );
  }

  #take(message: ToRun): void {
    switch (message.type) {
      case 'ask':
        this.#post({
          type: 'answer',
          value: this.#answer(
            message.name,
            message.args.map((one) => this.#decode(one)),
          ),
        });
        break;
      case 'cancel':
        this.#started.get(message.id)?.cancel();
        this.#started.delete(message.id);
        break;
      case 'ended':
        this.#onTags(message.tags);
        this.#call?.resolve(message.end);
        this.#call = undefined;
        this.#calmed?.resolve(true);
        this.#calmed = undefined;
        break;
      case 'init-failed':
        this.#readiness.reject(new InitError(message.error));
        break;
      case 'ready':
        this.#readiness.resolve(message.exports);
        break;
      case 'release':
        this.#handles.delete(message.id);
        break;
      case 'send':
        this.#started.get(message.id)?.send?.(message.command as never);
        break;
      case 'start':
        this.#start(message);
        break;
      case 'tell':
        for (const [name, args] of message.calls) this.#tell(name, args);
        break;
    }
  }

  #start({ args, id, name }: Extract<ToRun, { type: 'start' }>): void {
    // What a script starts after it was interrupted is not begun.
    if (this.#calmed !== undefined) return;
    const end = (message: ToVu): void => {
      if (this.#started.delete(id)) this.#post(message);
    };
    const started = startOperation(
      this.#run,
      this.#vu,
      name as OperationName,
      args.map((one) => this.#decode(one)) as unknown as Operations[OperationName]['args'],
      {
        done: (value) => end({ id, type: 'done', value }),
        event: (event) => this.#post({ event, id, type: 'event' }),
        failed: (failure) => end({ failure, id, type: 'failed' }),
      },
    );
    this.#started.set(id, started);
  }

  #tell(name: string, args: readonly unknown[]): void {
    const call: unknown = Reflect.get(this.#told, name);
    if (typeof call === 'function') Reflect.apply(call, undefined, args);
  }

  #answer(name: string, args: readonly unknown[]): unknown {
    if (name === 'builtinModules') {
      this.#program.builtins.file(String(args[0]));
      return [...this.#program.builtins.graph.modules];
    }
    if (name === 'requireModule') return this.#require(String(args[0]), String(args[1]));
    const call: unknown = Reflect.get(this.#asked, name);
    return typeof call === 'function' ? this.#encode(Reflect.apply(call, undefined, [...args])) : undefined;
  }

  #require(specifier: string, parentUrl: string): unknown {
    const { graph, loader } = this.#program;
    try {
      const target = loader.require(graph, specifier, parentUrl);
      return { modules: [...graph.modules], ok: true, target };
    } catch (error) {
      return { message: messageOf(error), ok: false };
    }
  }

  #encode(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('handle' in value)) return value;
    this.#lastHandle += 1;
    this.#handles.set(this.#lastHandle, value);
    return { sentHandle: this.#lastHandle };
  }

  #decode(value: unknown): unknown {
    if (isSentHandle(value)) return this.#handles.get(value.sentHandle);
    if (Array.isArray(value)) return value.map((one) => this.#decode(one));
    if (typeof value === 'object' && value !== null && 'jar' in value)
      return { ...value, jar: this.#decode(value.jar) };
    return value;
  }
}
