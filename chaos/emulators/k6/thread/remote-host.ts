/** The run as the realm of a VU sees it from a thread of its own. A call that blocks stops the thread until its answer is there. */
import { setImmediate } from 'node:timers';
import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type {
  Asked,
  Host,
  LocalServices,
  OperationName,
  Operations,
  Outcome,
  Started,
  StartedEvents,
  Told,
} from '../api/host.ts';
import { isSentHandle, RemoteHandle } from './protocol.ts';
import type { ToRun, ToVu, VuThreadData } from './protocol.ts';

// Kept here because these are taken from the global object of scripts.
const { load, wait } = Atomics;

type Listener = StartedEvents<OperationName>;
export type Command = Extract<ToVu, { type: 'call' | 'interrupt' }>;

/** So many calls are told at once at most. */
const toldAtOnce = 200;

export class RemoteHost {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #listeners = new Map<number, Listener>();
  readonly #onCommand: (command: Command) => void;
  /** What came while the thread waited for something else. */
  readonly #late: ToVu[] = [];
  readonly #released = new FinalizationRegistry<number>((id) => this.#post({ id, type: 'release' }));
  #told: (readonly [string, readonly unknown[]])[] = [];
  #lastId = 0;
  #flushing = false;
  readonly host: Host;

  constructor(
    data: VuThreadData,
    port: MessagePort,
    local: LocalServices,
    onCommand: (command: Command) => void,
  ) {
    this.#port = port;
    this.#signal = data.signal;
    this.#onCommand = onCommand;
    port.on('message', (message: ToVu) => {
      this.#takeLate();
      this.#take(message);
    });
    this.host = {
      ask: this.#stubs<Asked>((name, args) => this.ask(name, args)),
      entry: data.entry,
      environment: data.environment,
      local,
      seed: data.seed,
      start: (name, args, events) => this.#start(name, args, events),
      tell: this.#stubs<Told>((name, args) => this.#tell(name, args)),
      vu: data.vu,
      waiting: {
        kind: 'thread',
        wait: (name, args) => this.#waitFor(name, args),
        waitUntil: (isOver) => this.#waitUntil(isOver),
      },
    };
  }

  send(message: ToRun): void {
    this.#flush();
    this.#port.postMessage(message);
  }

  /** Stops the thread until the run has answered. */
  ask(name: string, args: readonly unknown[]): unknown {
    this.send({ args: args.map(encode), name, type: 'ask' });
    let answer: { readonly value: unknown } | undefined;
    while (answer === undefined) {
      const message = this.#nextMessage();
      if (message.type === 'answer') answer = { value: this.#decode(message.value) };
      else this.#takeWhileWaiting(message);
    }
    return answer.value;
  }

  #stubs<Calls extends object>(call: (name: string, args: readonly unknown[]) => unknown): Calls {
    const known = new Map<string, (...args: unknown[]) => unknown>();
    return new Proxy<Calls>({} as Calls, {
      get: (_target, name) => {
        if (typeof name !== 'string') return undefined;
        let stub = known.get(name);
        if (stub === undefined) {
          stub = (...args) => call(name, args);
          known.set(name, stub);
        }
        return stub;
      },
    });
  }

  #tell(name: string, args: readonly unknown[]): void {
    this.#told.push([name, args]);
    if (this.#told.length >= toldAtOnce) this.#flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      setImmediate(() => this.#flush());
    }
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#told.length === 0) return;
    const calls = this.#told;
    this.#told = [];
    this.#post({ calls, type: 'tell' });
  }

  #post(message: ToRun): void {
    this.#port.postMessage(message);
  }

  #start<Name extends OperationName>(
    name: Name,
    args: Operations[Name]['args'],
    events: StartedEvents<Name>,
  ): Started<Name> {
    const id = (this.#lastId += 1);
    this.#listeners.set(id, events as Listener);
    this.send({ args: args.map(encode), id, name, type: 'start' });
    return {
      cancel: () => {
        this.#listeners.delete(id);
        this.send({ id, type: 'cancel' });
      },
      send: (command) => this.send({ command, id, type: 'send' }),
    };
  }

  #waitFor<Name extends OperationName>(
    name: Name,
    args: Operations[Name]['args'],
  ): Outcome<Operations[Name]['value']> {
    let outcome: Outcome<Operations[Name]['value']> | undefined;
    const started = this.#start(name, args, {
      done: (value) => (outcome = { ok: true, value }),
      failed: ({ message }) => (outcome = { message, ok: false }),
    });
    while (outcome === undefined) {
      const message = this.#nextMessage();
      const ends = message.type === 'done' || message.type === 'failed';
      if (ends && message.id === this.#lastId) this.#take(message);
      else if (this.#takeWhileWaiting(message) === 'interrupted') {
        started.cancel();
        return { message: 'the iteration was interrupted', ok: false };
      }
    }
    return outcome;
  }

  #waitUntil(isOver: () => boolean): void {
    while (!isOver()) {
      const late = this.#late.findIndex((one) => this.#comesDuringBlock(one));
      const [message = this.#nextMessage()] = late === -1 ? [] : this.#late.splice(late, 1);
      if (this.#comesDuringBlock(message)) this.#take(message);
      else if (this.#takeWhileWaiting(message) === 'interrupted') return;
    }
  }

  #comesDuringBlock(message: ToVu): boolean {
    return 'id' in message && this.#listeners.get(message.id)?.duringBlock === true;
  }

  /** An interruption takes effect at once; all else waits for the code that waits. */
  #takeWhileWaiting(message: ToVu): 'interrupted' | undefined {
    if (message.type === 'interrupt') {
      this.#onCommand(message);
      return 'interrupted';
    }
    if (this.#late.length === 0) setImmediate(() => this.#takeLate());
    this.#late.push(message);
    return undefined;
  }

  #takeLate(): void {
    for (let message = this.#late.shift(); message !== undefined; message = this.#late.shift())
      this.#take(message);
  }

  #nextMessage(): ToVu {
    for (;;) {
      const seen = load(this.#signal, 0);
      const received: { message: ToVu } | undefined = receiveMessageOnPort(this.#port);
      if (received !== undefined) return received.message;
      wait(this.#signal, 0, seen);
    }
  }

  #take(message: ToVu): void {
    switch (message.type) {
      case 'answer':
        break;
      case 'call':
      case 'interrupt':
        this.#onCommand(message);
        break;
      case 'done':
        this.#takeListener(message.id)?.done(this.#decode(message.value) as never);
        break;
      case 'event':
        this.#listeners.get(message.id)?.event?.(message.event as never);
        break;
      case 'failed':
        this.#takeListener(message.id)?.failed(message.failure);
        break;
    }
  }

  #takeListener(id: number): Listener | undefined {
    const listener = this.#listeners.get(id);
    this.#listeners.delete(id);
    return listener;
  }

  #decode(value: unknown): unknown {
    if (!isSentHandle(value)) return value;
    const handle = new RemoteHandle(value.sentHandle);
    this.#released.register(handle, handle.id);
    return handle;
  }
}

/** Handles go as numbers, also those inside of requests. */
function encode(value: unknown): unknown {
  if (value instanceof RemoteHandle) return { sentHandle: value.id };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value === 'object' && value !== null && 'jar' in value)
    return { ...value, jar: encode(value.jar) };
  return value;
}
