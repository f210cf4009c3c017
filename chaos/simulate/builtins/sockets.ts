/** `node:net` of one simulated process: sockets and servers with the behaviour of Node's, on the network of the simulation. */
import { EventEmitter } from 'node:events';
import net from 'node:net';
import { Duplex } from 'node:stream';
import type { OwnProcess } from '../programs/own-process.ts';
import type { Connection, ConnectionUser, Listening, Network } from '../world/network.ts';
import { nsPerMs } from '../world/scheduler.ts';

const loopback = '127.0.0.1';
const localNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '0.0.0.0', '::1', '::', '']);

interface OnRead {
  readonly buffer: Uint8Array | (() => Uint8Array);
  callback(bytes: number, buffer: Uint8Array): boolean;
}

export interface SocketOptions {
  readonly allowHalfOpen?: boolean;
  readonly pauseOnConnect?: boolean;
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
  readonly onread?: OnRead;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

type Callback = (...args: unknown[]) => void;

function failure(code: string, syscall: string, port: number): Error {
  const message = code === 'ECONNREFUSED' ? `connect ${code} ${loopback}:${port}` : `${syscall} ${code}`;
  const errno = { ECONNREFUSED: -111, ECONNRESET: -104, EADDRINUSE: -98, EPIPE: -32 }[code];
  return Object.assign(new Error(message), { code, errno, syscall, address: loopback, port });
}

/** The classes and functions of `node:net`, for `process`. */
export function netOf(process: OwnProcess, network: Network): Record<string, unknown> {
  const open = new Set<Socket>();
  process.exited.once('exit', () => {
    for (const socket of open) freeParser(socket);
  });

  class Socket extends Duplex implements ConnectionUser {
    connecting = false;
    pending = true;
    timeout = 0;
    bytesRead = 0;
    bytesWritten = 0;
    remotePort: number | undefined;
    remoteAddress: string | undefined;
    remoteFamily: string | undefined;
    localAddress: string | undefined;
    localPort: number | undefined;
    server: unknown = null;
    #connection: Connection | null = null;
    #timer: { cancelled: boolean } | null = null;
    #waiting: (() => void) | null = null;
    #unreadBytes = 0;
    readonly #onRead: OnRead | undefined;
    #held = false;

    constructor(options: SocketOptions = {}) {
      super({
        allowHalfOpen: options.allowHalfOpen === true,
        autoDestroy: true,
        emitClose: true,
        decodeStrings: true,
      });
      this.#onRead = options.onread;
      options.signal?.addEventListener('abort', () => this.destroy(options.signal?.reason as Error), {
        once: true,
      });
    }

    get readyState(): string {
      if (this.connecting) return 'opening';
      if (this.readable && this.writable) return 'open';
      return this.readable ? 'readOnly' : this.writable ? 'writeOnly' : 'closed';
    }

    get bufferSize(): number {
      return this.writableLength;
    }

    connect(...args: unknown[]): this {
      const { options, callback } = readConnectArguments(args);
      const host = options.host ?? 'localhost';
      if (callback !== undefined) this.once('connect', callback);
      if (options.timeout !== undefined) this.setTimeout(options.timeout);
      this.connecting = true;
      const port = options.path === undefined ? Number(options.port) : network.portOfPath(options.path);
      if (!localNames.has(host)) {
        process.nextEvent(() => this.destroy(failure('ECONNREFUSED', 'connect', port)));
        return this;
      }
      process.hold();
      this.#held = true;
      open.add(this);
      this.#connection = network.connect(process, port, this);
      return this;
    }

    /** For a server. */
    accept(connection: Connection): void {
      open.add(this);
      process.hold();
      this.#held = true;
      this.#connection = connection;
      connection.user = this;
      this.#describe(connection);
    }

    #describe({ localPort, remotePort }: Connection): void {
      this.connecting = false;
      this.pending = false;
      this.localAddress = loopback;
      this.remoteAddress = loopback;
      this.remoteFamily = 'IPv4';
      this.localPort = localPort;
      this.remotePort = remotePort;
    }

    connected(): void {
      if (this.#connection !== null) this.#describe(this.#connection);
      this.#touch();
      this.emit('connect');
      this.emit('ready');
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.();
    }

    refused(code: string): void {
      this.destroy(failure(code, 'connect', this.#connection?.remotePort ?? 0));
    }

    received(bytes: Buffer): void {
      this.bytesRead += bytes.length;
      this.#touch();
      if (this.#onRead !== undefined) {
        this.#giveTo(this.#onRead, bytes);
        this.#connection?.read(bytes.length);
        return;
      }
      this.#unreadBytes += bytes.length;
      if (this.push(bytes)) this.#allRead();
    }

    #giveTo({ buffer, callback }: OnRead, bytes: Buffer): void {
      for (let at = 0; at < bytes.length && !this.destroyed;) {
        const into = typeof buffer === 'function' ? buffer() : buffer;
        const part = bytes.subarray(at, at + into.length);
        into.set(part);
        at += part.length;
        callback.call(this, part.length, into);
      }
    }

    ended(): void {
      this.#touch();
      this.push(null);
      // Node reads on so that the end is seen when nobody has asked for data.
      if (this.readableLength === 0) this.read(0);
    }

    reset(): void {
      this.destroy(failure('ECONNRESET', 'read', 0));
    }

    drained(): void {
      this.#touch();
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.();
    }

    #allRead(): void {
      const bytes = this.#unreadBytes;
      this.#unreadBytes = 0;
      if (bytes > 0) this.#connection?.read(bytes);
    }

    override _read(): void {
      this.#allRead();
    }

    override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
      this.#writeAll(chunk, done);
    }

    override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
      this.#writeAll(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
    }

    #writeAll(bytes: Buffer, done: (error?: Error | null) => void): void {
      if (this.connecting) {
        this.#waiting = () => this.#writeAll(bytes, done);
        return;
      }
      if (this.#connection === null || this.#connection.closed) {
        done(failure('EPIPE', 'write', 0));
        return;
      }
      this.bytesWritten += bytes.length;
      this.#touch();
      // The bytes are the program's, which may use their memory again.
      if (this.#connection.send(Buffer.from(bytes))) done();
      else this.#waiting = done;
    }

    override _final(done: (error?: Error | null) => void): void {
      if (this.connecting) {
        this.#waiting = () => this._final(done);
        return;
      }
      this.#connection?.end();
      done();
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      this.connecting = false;
      open.delete(this);
      this.#stopTimer();
      this.#connection?.close(false);
      this.#connection = null;
      if (this.#held) process.release();
      this.#held = false;
      // The handle of a socket closes in a turn of its own, and `close` says whether there was an error.
      process.nextEvent(() => done(error));
    }

    destroySoon(): void {
      if (this.writable) this.end();
      if (this.writableFinished) this.destroy();
      else this.once('finish', () => this.destroy());
    }

    resetAndDestroy(): this {
      this.#connection?.close(true);
      return this.destroy();
    }

    setTimeout(timeoutMs: number, callback?: () => void): this {
      this.timeout = timeoutMs;
      this.#stopTimer();
      if (callback !== undefined) {
        if (timeoutMs === 0) this.off('timeout', callback);
        else this.once('timeout', callback);
      }
      this.#touch();
      return this;
    }

    #touch(): void {
      if (this.timeout === 0 && this.#timer === null) return;
      this.#stopTimer();
      if (this.timeout === 0 || this.destroyed) return;
      this.#timer = process.machine.scheduler.after(this.timeout * nsPerMs, process, () =>
        this.emit('timeout'),
      );
    }

    #stopTimer(): void {
      if (this.#timer !== null) this.#timer.cancelled = true;
      this.#timer = null;
    }

    setNoDelay(): this {
      return this;
    }

    setKeepAlive(): this {
      return this;
    }

    ref(): this {
      if (!this.#held && this.#connection !== null) {
        process.hold();
        this.#held = true;
      }
      return this;
    }

    unref(): this {
      if (this.#held) process.release();
      this.#held = false;
      return this;
    }

    address(): object {
      return this.localPort === undefined ? {} : { address: loopback, family: 'IPv4', port: this.localPort };
    }
  }

  class Server extends EventEmitter {
    listening = false;
    maxConnections: number | undefined;
    readonly #options: SocketOptions;
    readonly #sockets = new Set<Socket>();
    #listening: Listening | null = null;
    #isClosing = false;
    #held = false;

    constructor(...args: unknown[]) {
      super();
      const options = args.find((arg): arg is SocketOptions => typeof arg === 'object' && arg !== null);
      const listener = args.find((arg): arg is Callback => typeof arg === 'function');
      this.#options = options ?? {};
      if (listener !== undefined) this.on('connection', listener);
    }

    listen(...args: unknown[]): this {
      const { options, callback } = readConnectArguments(args);
      if (callback !== undefined) this.once('listening', callback);
      const given = Number(options.port ?? 0);
      const port =
        options.path !== undefined
          ? network.portOfPath(options.path)
          : given === 0
            ? network.freePort()
            : given;
      const listening: Listening = {
        owner: process,
        port,
        accepted: (connection) => this.#accept(connection),
      };
      const taken = !network.listen(listening);
      if (!taken) {
        this.#listening = listening;
        this.listening = true;
        this.#isClosing = false;
        process.hold();
        this.#held = true;
      }
      process.nextTick(() => {
        if (taken) {
          const error = failure('EADDRINUSE', 'listen', port);
          error.message = `listen EADDRINUSE: address already in use ${loopback}:${port}`;
          this.emit('error', error);
        } else if (this.listening) this.emit('listening');
      });
      return this;
    }

    #accept(connection: Connection): void {
      const socket = new Socket({ allowHalfOpen: this.#options.allowHalfOpen === true });
      socket.server = this;
      socket.accept(connection);
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#emitCloseIfDone();
      });
      if (this.#options.pauseOnConnect === true) socket.pause();
      else socket.read(0);
      this.emit('connection', socket);
    }

    close(callback?: Callback): this {
      if (callback !== undefined) {
        if (this.listening) this.once('close', () => callback());
        else {
          const error = Object.assign(new Error('Server is not running.'), {
            code: 'ERR_SERVER_NOT_RUNNING',
          });
          process.nextTick(() => callback(error));
        }
      }
      if (this.#listening !== null) network.stopListening(this.#listening);
      this.#listening = null;
      this.#isClosing ||= this.listening;
      this.listening = false;
      if (this.#held) process.release();
      this.#held = false;
      this.#emitCloseIfDone();
      return this;
    }

    #emitCloseIfDone(): void {
      if (!this.#isClosing || this.#sockets.size > 0) return;
      this.#isClosing = false;
      process.nextTick(() => this.emit('close'));
    }

    address(): object | null {
      return this.#listening === null
        ? null
        : { address: loopback, family: 'IPv4', port: this.#listening.port };
    }

    getConnections(callback: (error: null, count: number) => void): this {
      process.nextTick(() => callback(null, this.#sockets.size));
      return this;
    }

    ref(): this {
      if (!this.#held && this.listening) process.hold();
      this.#held = this.listening;
      return this;
    }

    unref(): this {
      if (this.#held) process.release();
      this.#held = false;
      return this;
    }

    async [Symbol.asyncDispose](): Promise<void> {
      if (!this.listening) return;
      await new Promise<void>((resolve) => this.close(() => resolve()));
    }
  }

  const connect = (...args: unknown[]): Socket =>
    new Socket(readConnectArguments(args).options).connect(...args);
  return {
    ...net,
    Socket,
    Stream: Socket,
    Server,
    connect,
    createConnection: connect,
    createServer: (...args: unknown[]) => new Server(...args),
  };
}

interface Parser {
  socket: unknown;
  incoming: unknown;
  outgoing: unknown;
  close(): void;
}

/** Node frees the parser of an HTTP connection when its socket closes; until then it is never garbage. What has ended closes nothing any more. */
function freeParser(socket: Duplex): void {
  const parser: Parser | null | undefined = Reflect.get(socket, 'parser');
  if (parser === null || parser === undefined) return;
  Object.assign(parser, { socket: null, incoming: null, outgoing: null });
  // It may be at work in the very event that ended the process.
  setImmediate(() => parser.close());
}

/** `({ port, host }, callback)`, `(port, host, callback)` and the like. */
function readConnectArguments(args: readonly unknown[]): { options: SocketOptions; callback?: Callback } {
  const callback = args.findLast((arg): arg is Callback => typeof arg === 'function');
  const [first, second] = args;
  const given = callback === undefined ? {} : { callback };
  if (typeof first === 'object' && first !== null) return { options: first, ...given };
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { options: { path: first }, ...given };
  const port = first === undefined || typeof first === 'function' ? 0 : Number(first);
  return { options: { port, ...(typeof second === 'string' ? { host: second } : {}) }, ...given };
}
