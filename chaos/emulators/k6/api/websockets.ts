/** The module `k6/websockets`: sockets with events, as in browsers, that go on beside the code of the script. */
import { bufferOf, bytesOf } from './binary.ts';
import { bytesOfBlob, createBlobClass } from './blob.ts';
import type { BlobClass } from './blob.ts';
import type { Body, Started, Tags } from './host.ts';
import { GoError } from './kernel.ts';
import type { Call, Kernel } from './kernel.ts';
import { closeError } from './socket-facts.ts';
import type { SocketEvent, SocketSpec } from './socket-facts.ts';
import { readSocketParams } from './socket-params.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const Blob = createBlobClass(kernel);
  // Called with `new`, and what it gives is a plain object, as in k6.
  function WebSocket(url?: unknown, protocols?: unknown, params?: unknown): object {
    return new Socket(kernel, Blob, readSpec(kernel, url, protocols, params)).object;
  }
  const exports = { Blob, WebSocket };
  return { ...exports, default: exports };
}

function readSpec(kernel: Kernel, given: unknown, protocols: unknown, params: unknown): SocketSpec {
  kernel.inCall('using websockets in the init context is not supported');
  const url = readUrl(given);
  return {
    ...readSocketParams(kernel, params, {
      allowsEmptyCompression: false,
      tagError: 'invalid WebSocket tags option',
      unknown: (name) => `unknown WebSocket's option ${name}`,
    }),
    named: true,
    protocols: Array.isArray(protocols)
      ? protocols.map(String)
      : typeof protocols === 'string'
        ? [protocols]
        : [],
    url,
  };
}

function readUrl(given: unknown): string {
  if (given === undefined || given === null) throw new GoError('WebSocket requires a url');
  const url = String(given);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'ws' && scheme !== 'wss') {
    throw new GoError(`WebSocket requires url with scheme ws or wss, but got ${JSON.stringify(scheme)}`);
  }
  const fragment = url.indexOf('#');
  if (fragment !== -1 && fragment + 1 < url.length) {
    throw new GoError(
      `WebSocket requires no url fragment, but got ${JSON.stringify(url.slice(fragment + 1))}`,
    );
  }
  return url;
}

const states = { closed: 3, closing: 2, connecting: 0, open: 1 } as const;
const eventNames = ['close', 'error', 'message', 'open', 'ping', 'pong'] as const;
type EventName = (typeof eventNames)[number];
type Listener = (event: unknown) => unknown;

interface Listeners {
  on: Listener | undefined;
  readonly added: Listener[];
}

class Socket {
  readonly object: object = {};
  readonly #kernel: Kernel;
  readonly #blob: BlobClass;
  readonly #spec: SocketSpec;
  readonly #call: Call | undefined;
  readonly #started: Started<'socket'>;
  readonly #startedMs: number;
  readonly #listeners: Readonly<Record<EventName, Listeners>>;
  readonly #pings = new Map<string, number>();
  #tags: Tags;
  #state: 0 | 1 | 2 | 3 = states.connecting;
  #bufferedBytes = 0;
  #binaryType = 'blob';
  #protocol = '';
  #extensions: readonly string[] = [];
  #closeCode = 0;
  #closeReason = '';
  #pingsSent = 0;

  constructor(kernel: Kernel, blob: BlobClass, spec: SocketSpec) {
    this.#kernel = kernel;
    this.#blob = blob;
    this.#spec = spec;
    this.#tags = spec.tags;
    this.#call = kernel.call;
    const listeners = (): Listeners => ({ added: [], on: undefined });
    this.#listeners = {
      close: listeners(),
      error: listeners(),
      message: listeners(),
      open: listeners(),
      ping: listeners(),
      pong: listeners(),
    };
    this.#startedMs = kernel.host.local.monotonicMs();
    this.#define();
    this.#started = kernel.start('socket', [spec], {
      done: () => undefined,
      event: (event) => this.#guarded(() => this.#take(event)),
      failed: ({ message }) => this.#guarded(() => this.#closed(message)),
    });
  }

  #define(): void {
    const values = {
      addEventListener: (name: unknown, listener: unknown) => this.#listen(String(name), listener),
      close: (code?: unknown, reason?: unknown) =>
        this.#close(Math.trunc(Number(code ?? 0)) || 0, reason === undefined ? '' : String(reason)),
      ping: () => this.#ping(),
      send: (message: unknown) => this.#sendMessage(message),
      url: this.#spec.url,
    };
    for (const [name, value] of Object.entries(values)) {
      Object.defineProperty(this.object, name, { enumerable: true, value });
    }
    const getters = {
      bufferedAmount: () => this.#bufferedBytes,
      extensions: () => [...this.#extensions],
      protocol: () => this.#protocol,
      readyState: () => this.#state,
    };
    for (const [name, get] of Object.entries(getters)) {
      Object.defineProperty(this.object, name, { enumerable: true, get });
    }
    Object.defineProperty(this.object, 'binaryType', {
      enumerable: true,
      get: () => this.#binaryType,
      set: (value) => {
        this.#setBinaryType(String(value));
      },
    });
    for (const name of eventNames) {
      Object.defineProperty(this.object, `on${name}`, {
        enumerable: true,
        get: () => this.#listeners[name].on,
        set: (listener) => {
          this.#setListener(name, listener);
        },
      });
    }
  }

  /** An exception of a listener ends the iteration. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#call?.onError?.(error);
    }
  }

  #take(event: SocketEvent): void {
    if (this.#state === states.closed) return;
    switch (event.type) {
      case 'open':
        this.#tags = event.tags;
        this.#protocol = event.protocol;
        this.#extensions = event.extensions;
        if (this.#state !== states.connecting) return;
        this.#state = states.open;
        this.#orHangUp(() => this.#emit('open', {}));
        break;
      case 'refused':
        this.#tags = event.tags;
        this.#closed(event.message);
        break;
      case 'ping':
        this.#emit('ping', {});
        break;
      case 'pong':
        this.#trackPong(event.id, event.timeMs);
        this.#emit('pong', {});
        break;
      case 'message':
        this.#receive(event.data, event.timeMs);
        break;
      case 'written':
        this.#bufferedBytes -= event.bytes;
        break;
      case 'failed':
        this.#closed(event.message);
        break;
      case 'closed':
        if (event.code !== 0) {
          this.#closeCode = event.code;
          this.#closeReason = event.reason;
        }
        this.#sampleDuration();
        this.#closed(closeError(event.code, event.reason));
        break;
    }
  }

  #receive(data: Body, timeMs: number): void {
    if (this.#state !== states.open) return;
    this.#kernel.sample('ws_msgs_received', 1, this.#tags, timeMs);
    const fields = { data: this.#shown(data), origin: this.#spec.url };
    this.#orHangUp(() => this.#emit('message', fields, timeMs));
  }

  #shown(data: Body): unknown {
    if (typeof data === 'string') return data;
    const buffer = bufferOf(new Uint8Array(data));
    return this.#binaryType === 'blob' ? new this.#blob([buffer]) : buffer;
  }

  /** What a listener of `open` or `message` throws closes the socket as well. */
  #orHangUp(emit: () => void): void {
    try {
      emit();
    } catch (error) {
      this.#started.send?.({ code: 1000, reason: '', type: 'close', waits: false });
      this.#sampleDuration();
      this.#closed(String(error));
      throw error;
    }
  }

  #closed(error: string | undefined): void {
    if (this.#state === states.closed) return;
    this.#state = states.closed;
    if (error !== undefined) this.#emit('error', { error });
    this.#emit('close', {
      ...(this.#closeCode === 0 ? {} : { code: this.#closeCode }),
      reason: this.#closeReason,
    });
  }

  #sampleDuration(): void {
    const durationMs = this.#kernel.host.local.monotonicMs() - this.#startedMs;
    this.#kernel.sample('ws_session_duration', durationMs, this.#tags);
  }

  #emit(name: EventName, fields: Readonly<Record<string, unknown>>, timeMs?: number): void {
    const { added, on } = this.#listeners[name];
    const event = { timestamp: timeMs ?? this.#kernel.host.local.nowMs(), type: name, ...fields };
    Object.defineProperty(event, 'target', { enumerable: true, value: this.object });
    for (const listener of on === undefined ? [...added] : [on, ...added]) listener(event);
  }

  #listen(name: string, listener: unknown): void {
    if (typeof listener !== 'function') {
      throw new GoError(`handler for event type ${JSON.stringify(name)} isn't a callable function`);
    }
    const known = eventNames.find((one) => one === name);
    if (known === undefined) this.#kernel.warn(`can't add event handler: unknown event type: ${name}`);
    else this.#listeners[known].added.push((event) => Reflect.apply(listener, undefined, [event]));
  }

  #setListener(name: EventName, listener: unknown): void {
    if (listener === undefined || listener === null) {
      this.#listeners[name].on = undefined;
      return;
    }
    if (typeof listener !== 'function') throw new GoError(`a value for 'on${name}' should be callable`);
    this.#listeners[name].on = (event) => Reflect.apply(listener, undefined, [event]);
  }

  #setBinaryType(value: string): void {
    if (value !== 'blob' && value !== 'arraybuffer') {
      throw new GoError(`unknown binaryType ${value}, the supported ones are "blob" and "arraybuffer"`);
    }
    this.#binaryType = value;
  }

  #assertOpen(): void {
    this.#kernel.running();
    if (this.#state !== states.open) throw new GoError('InvalidStateError');
  }

  #sendMessage(message: unknown): void {
    this.#assertOpen();
    const data = this.#sendable(message);
    const bytes =
      typeof data === 'string' ? this.#kernel.host.local.encodeUtf8(data).length : data.byteLength;
    this.#bufferedBytes += bytes;
    this.#started.send?.({ data, type: 'message' });
    this.#kernel.sample('ws_msgs_sent', 1, this.#tags);
  }

  #sendable(message: unknown): Body {
    if (typeof message === 'string') return message;
    const ofBlob = bytesOfBlob(message);
    if (ofBlob !== undefined) return bufferOf(ofBlob);
    if (message instanceof ArrayBuffer || ArrayBuffer.isView(message))
      return bufferOf(bytesOf(this.#kernel, message));
    throw new GoError(`unsupported send type ${typeof message}`);
  }

  #ping(): void {
    this.#assertOpen();
    const id = String(this.#pingsSent);
    this.#pingsSent += 1;
    this.#pings.set(id, this.#kernel.host.local.nowMs());
    this.#started.send?.({ id, type: 'ping' });
    this.#kernel.sample('ws_msgs_sent', 1, this.#tags);
  }

  #trackPong(id: string, timeMs: number): void {
    const sentMs = this.#pings.get(id);
    if (sentMs === undefined) this.#kernel.warn(`received pong for unknown ping ID ${id}`);
    else this.#kernel.sample('ws_ping', timeMs - sentMs, this.#tags, timeMs);
  }

  #close(code: number, reason: string): void {
    if (this.#state === states.closed || this.#state === states.closing) return;
    if (code !== 0 && code !== 1000 && (code < 3000 || code > 4999)) {
      throw new GoError(
        "InvalidAccessError: Failed to execute 'close' on 'WebSocket': " +
          `The close code must be either 1000, or between 3000 and 4999. ${code} is neither`,
      );
    }
    if (this.#kernel.host.local.encodeUtf8(reason).length > 123) {
      throw new GoError(
        "SyntaxError: Failed to execute 'close' on 'WebSocket': The message must not be greater than 123 bytes",
      );
    }
    this.#state = states.closing;
    this.#closeCode = code === 0 ? 1000 : code;
    this.#started.send?.({ code: this.#closeCode, reason, type: 'close', waits: true });
    this.#kernel.sample('ws_msgs_sent', 1, this.#tags);
  }
}
