/** The module `k6/ws`: `connect` blocks until its socket is closed, and calls the handlers of the script meanwhile. */
import { bufferOf, bytesOf } from './binary.ts';
import type { Body, Started, Tags } from './host.ts';
import { GoError } from './kernel.ts';
import type { Call, Finish, Kernel } from './kernel.ts';
import { closeError } from './socket-facts.ts';
import type { SocketEvent, SocketSpec } from './socket-facts.ts';
import { readSocketParams } from './socket-params.ts';
import { chain } from './suspended.ts';
import { Turns } from './turns.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = { connect: (...args: unknown[]) => connect(kernel, args) };
  return { ...exports, default: exports };
}

interface ConnectResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error: string;
}

type Handler = (this: unknown, ...args: unknown[]) => unknown;

const goingAway = 1001;

function connect(kernel: Kernel, args: readonly unknown[]): unknown {
  kernel.inCall('using websockets in the init context is not supported');
  if (args.length === 0 || args.length > 3) throw new GoError('invalid number of arguments to ws.connect');
  const [url, ...rest] = args;
  const setup = rest.at(-1);
  if (rest.length === 0) throw new GoError('invalid number of arguments to ws.connect');
  if (typeof setup !== 'function') throw new GoError('last argument to ws.connect must be a function');
  const params = readSocketParams(kernel, rest.length === 2 ? rest[0] : undefined, {
    allowsEmptyCompression: true,
    tagError: 'invalid ws.connect() metric tags',
    unknown: () => undefined,
  });
  const spec: SocketSpec = { ...params, named: false, protocols: [], url: String(url) };
  return kernel.blockUntil<ConnectResponse>('ws.connect()', (finish) => {
    new Session(kernel, spec, setup as Handler, finish).begin();
  });
}

/** One socket from the first byte to its end; whatever a handler throws ends it and is thrown by `connect`. */
class Session {
  readonly #kernel: Kernel;
  readonly #spec: SocketSpec;
  readonly #setup: Handler;
  readonly #finish: Finish<ConnectResponse>;
  readonly #handlers = new Map<string, Handler[]>();
  readonly #timers = new Set<() => void>();
  readonly #pings = new Map<string, number>();
  readonly #turns: Turns;
  readonly #startedMs: number;
  readonly #call: Call | undefined;
  #send: Started<'socket'>['send'];
  #tags: Tags;
  #response: ConnectResponse | undefined;
  #error: { readonly thrown: unknown } | undefined;
  #closed = false;
  #over = false;
  #finished = false;
  #pingsSent = 0;

  constructor(kernel: Kernel, spec: SocketSpec, setup: Handler, finish: Finish<ConnectResponse>) {
    this.#kernel = kernel;
    this.#spec = spec;
    this.#setup = setup;
    this.#finish = finish;
    this.#tags = spec.tags;
    this.#call = kernel.call;
    this.#startedMs = kernel.host.local.monotonicMs();
    this.#turns = new Turns(
      (error) => this.#fail(error),
      () => this.#finishWhenOver(),
    );
  }

  begin(): void {
    const started = this.#kernel.start('socket', [this.#spec], {
      done: () => undefined,
      duringBlock: true,
      event: (event) => this.#take(event),
      failed: ({ message }) => this.#turns.add(() => this.#fail(new GoError(message))),
    });
    this.#send = started.send;
    this.#call?.open(this.#stopTimers);
  }

  #take(event: SocketEvent): void {
    if (this.#closed) return;
    switch (event.type) {
      case 'open':
        this.#tags = event.tags;
        this.#response = { ...noResponse, headers: event.headers, status: event.status, url: this.#spec.url };
        this.#turns.add(() => chain(this.#setup.call(undefined, this.#socket()), () => this.#emit('open')));
        break;
      case 'refused':
        this.#tags = event.tags;
        this.#turns.add(() => this.#refuse(event));
        break;
      case 'ping':
        this.#turns.add(() => this.#emit('ping'));
        break;
      case 'pong':
        this.#trackPong(event.id, event.timeMs);
        this.#turns.add(() => this.#emit('pong'));
        break;
      case 'message':
        this.#turns.add(() => this.#receive(event.data, event.timeMs));
        break;
      case 'failed':
        this.#turns.add(() => this.#emit('error', errorObject(event.message)));
        break;
      case 'closed':
        this.#turns.add(() => this.#closedByOther(event.code, event.reason));
        break;
      case 'written':
        break;
    }
  }

  #refuse({ body, headers, message, status }: Extract<SocketEvent, { type: 'refused' }>): void {
    this.#closed = true;
    this.#over = true;
    if (this.#kernel.throwsOnFailure()) throw new GoError(message);
    this.#response =
      status === 0 ? { ...noResponse, error: message } : { ...noResponse, body, headers, status };
  }

  #receive(data: Body, timeMs: number): unknown {
    if (this.#closed) return undefined;
    this.#kernel.sample('ws_msgs_received', 1, this.#tags, timeMs);
    return typeof data === 'string'
      ? this.#emit('message', data)
      : this.#emit('binaryMessage', bufferOf(new Uint8Array(data)));
  }

  #closedByOther(code: number, reason: string): unknown {
    if (this.#closed) return undefined;
    const error = closeError(code, reason);
    const told = error === undefined ? undefined : this.#emit('error', errorObject(error));
    return chain(told, () => this.#close(code === 0 ? goingAway : code));
  }

  #socket(): Readonly<Record<string, unknown>> {
    return {
      close: (code?: unknown) => this.#close(code === undefined ? goingAway : Math.trunc(Number(code)) || 0),
      on: (event: unknown, handler: unknown) => this.#on(String(event), handler),
      ping: () => this.#ping(),
      send: (message: unknown) => this.#sendMessage(String(message)),
      sendBinary: (...given: unknown[]) => this.#sendBinary(given),
      setInterval: (callback: unknown, delayMs: unknown) =>
        this.#setTimer('setInterval', callback, Number(delayMs)),
      setTimeout: (callback: unknown, delayMs: unknown) =>
        this.#setTimer('setTimeout', callback, Number(delayMs)),
    };
  }

  #on(event: string, handler: unknown): void {
    if (typeof handler !== 'function') return;
    const known = this.#handlers.get(event);
    if (known === undefined) this.#handlers.set(event, [handler as Handler]);
    else known.push(handler as Handler);
  }

  #emit(event: string, ...args: unknown[]): unknown {
    const handlers = [...(this.#handlers.get(event) ?? [])];
    const callFrom = (index: number): unknown => {
      const handler = handlers[index];
      return handler === undefined
        ? undefined
        : chain(handler.apply(undefined, args), () => callFrom(index + 1));
    };
    return callFrom(0);
  }

  #sendMessage(data: Body): void {
    this.#send?.({ data, type: 'message' });
    this.#kernel.sample('ws_msgs_sent', 1, this.#tags);
  }

  #sendBinary(given: readonly unknown[]): void {
    const [message] = given;
    if (given.length === 0) throw new GoError('missing argument, expected ArrayBuffer');
    if (!(message instanceof ArrayBuffer)) {
      const type: unknown =
        message === null || message === undefined ? message : Object(message).constructor?.name;
      throw new GoError(`expected ArrayBuffer as argument, received: ${String(type)}`);
    }
    this.#sendMessage(bufferOf(bytesOf(this.#kernel, message)));
  }

  #ping(): void {
    const id = String(this.#pingsSent);
    this.#pingsSent += 1;
    this.#pings.set(id, this.#kernel.host.local.nowMs());
    this.#send?.({ id, type: 'ping' });
  }

  #trackPong(id: string, timeMs: number): void {
    const sentMs = this.#pings.get(id);
    if (sentMs !== undefined) this.#kernel.sample('ws_ping', timeMs - sentMs, this.#tags, timeMs);
  }

  #setTimer(name: 'setInterval' | 'setTimeout', callback: unknown, delayMs: number): void {
    if (!(delayMs > 0)) {
      throw new GoError(`${name} requires a >0 timeout parameter, received ${delayMs.toFixed(2)}`);
    }
    if (typeof callback !== 'function') throw new GoError(`${name} requires a function`);
    const call = callback as Handler;
    const arm = (): void => {
      const stop = (): void => started.cancel();
      const started = this.#kernel.host.start('sleep', [delayMs], {
        done: () => {
          this.#timers.delete(stop);
          if (this.#closed) return;
          if (name === 'setInterval') arm();
          this.#turns.add(() => (this.#closed ? undefined : call.call(undefined)));
        },
        duringBlock: true,
        failed: () => undefined,
      });
      this.#timers.add(stop);
    };
    arm();
  }

  readonly #stopTimers = (): void => {
    for (const stop of this.#timers) stop();
    this.#timers.clear();
  };

  /** Says goodbye and hangs up; only the first call of it does anything. */
  #close(code: number): unknown {
    if (this.#closed) return undefined;
    this.#closed = true;
    this.#send?.({ code, reason: '', type: 'close', waits: false });
    this.#stopTimers();
    const end = (): void => {
      this.#over = true;
    };
    try {
      return chain(this.#emit('close', code), end);
    } catch (error) {
      end();
      throw error;
    }
  }

  #fail(error: unknown): void {
    this.#error ??= { thrown: error };
    if (this.#over) return;
    if (this.#closed) this.#over = true;
    else this.#turns.add(() => this.#close(goingAway));
  }

  #finishWhenOver(): void {
    if (!this.#over || this.#finished) return;
    this.#finished = true;
    this.#call?.close(this.#stopTimers);
    const durationMs = this.#kernel.host.local.monotonicMs() - this.#startedMs;
    this.#kernel.sample('ws_session_duration', durationMs, this.#tags);
    this.#finish(() => {
      if (this.#error !== undefined) throw this.#error.thrown;
      return this.#response ?? noResponse;
    });
  }
}

const noResponse: ConnectResponse = { body: '', error: '', headers: {}, status: 0, url: '' };

/** What handlers of errors get: in k6 the text is behind a method. */
function errorObject(message: string): Readonly<Record<string, unknown>> {
  return { error: () => message, toString: () => message };
}
