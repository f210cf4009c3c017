/** A redis-server of this machine, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { bytesOf, type Bytes } from '../bytes/byte-string.ts';
import { encodeRequest } from '../reply/encode.ts';
import type { SideConnection } from './side.ts';
import { ReplyReader, type WireReply } from './wire-reply.ts';

export interface RealProgram {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

const startDeadlineMs = 10_000;
const answerDeadlineMs = 10_000;

export class RealSide implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly port: number;
  readonly #connections: RealConnection[] = [];
  #control: RealConnection | undefined;

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.port = port;
  }

  static async start(program: RealProgram, options: readonly string[] = []): Promise<RealSide> {
    const folder = await mkdtemp(path.join(tmpdir(), 'redcliff-redis-'));
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    const process = spawn(program.program, [...args, '--enable-debug-command', 'yes', ...options], {
      env: { ...globalThis.process.env, ...program.environment },
      stdio: 'ignore',
    });
    const side = new RealSide(process, folder, port);
    try {
      const deadline = AbortSignal.timeout(startDeadlineMs);
      while (!(await answers(port))) {
        if (deadline.aborted || process.exitCode !== null) throw new Error('redis-server does not start');
        await sleep(20);
      }
      side.#control = await side.#open();
      return side;
    } catch (thrown) {
      await side[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  connect(): Promise<SideConnection> {
    return this.#open();
  }

  /** Everything that was answered has arrived, and what it led to. */
  async settled(): Promise<void> {
    await this.#ask(['PING']);
    await setImmediate();
    await setImmediate();
  }

  /** Whether a command of the client waits for something. */
  async isBlocked(clientId: number): Promise<boolean> {
    const reply = await this.#ask(['CLIENT', 'LIST', 'ID', String(clientId)]);
    return reply.kind === 'bulk' && / flags=\S*b/.test(reply.text);
  }

  async #ask(words: readonly Bytes[]): Promise<WireReply> {
    const control = this.#control;
    if (control === undefined) throw new Error('the server is not running');
    control.send([words]);
    await control.arrived(1, answerDeadlineMs);
    const [reply] = control.take();
    if (reply === undefined) throw new Error('redis-server does not answer');
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.close();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #open(): Promise<RealConnection> {
    const socket = createConnection({ host: '127.0.0.1', port: this.port, noDelay: true });
    await once(socket, 'connect');
    const connection = new RealConnection(socket);
    this.#connections.push(connection);
    connection.send([['CLIENT', 'ID']]);
    if (!(await connection.arrived(1, answerDeadlineMs))) throw new Error('redis-server does not answer');
    const [id] = connection.take();
    if (id?.kind === 'integer') connection.id = Number(id.text);
    return connection;
  }
}

class RealConnection implements SideConnection {
  id = 0;
  isClosed = false;
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  #replies: WireReply[] = [];
  #changed: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#reader.append(bytesOf(data));
      for (let reply = this.#reader.next(); reply !== undefined; reply = this.#reader.next()) {
        this.#replies.push(reply);
      }
      this.#changed?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.#changed?.();
    });
  }

  get replyCount(): number {
    return this.#replies.length;
  }

  send(requests: readonly (readonly Bytes[])[]): void {
    this.#socket.write(requests.map(encodeRequest).join(''), 'latin1');
  }

  take(): WireReply[] {
    const taken = this.#replies;
    this.#replies = [];
    return taken;
  }

  async arrived(count: number, deadlineMs: number): Promise<boolean> {
    const isThere = () => this.#replies.length >= count || this.isClosed;
    if (isThere()) return true;
    const deadline = AbortSignal.timeout(deadlineMs);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const onAbort = () => resolve(undefined);
    deadline.addEventListener('abort', onAbort);
    this.#changed = () => {
      if (isThere()) resolve(undefined);
    };
    await promise;
    this.#changed = undefined;
    deadline.removeEventListener('abort', onAbort);
    return isThere();
  }

  close(): void {
    this.#socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
