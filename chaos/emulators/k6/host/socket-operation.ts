/** A WebSocket of a script (RFC 6455): where it connects to follows the same options as requests. */
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type * as Ws from 'ws';
import type { Started, StartedEvents, Tags } from '../api/host.ts';
import type { SocketCommand, SocketEvent, SocketSpec } from '../api/socket-facts.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { messageOf } from '../errors.ts';
import type { Endpoint } from '../http/connection.ts';
import { endpointOf } from '../http/endpoints.ts';
import { parseGoUrl } from '../http/go-url.ts';
import type { GoUrl } from '../http/go-url.ts';
import { canonicalHeaderName } from '../http/header-names.ts';
import { userAgentOf } from '../http/request-plan.ts';
import { parseSetCookie } from '../http/set-cookie.ts';
import { cookieHeaderOf } from '../http/wire-request.ts';
import { jarOf } from './cookie-calls.ts';

const handshakeTimeoutMs = 60_000;
/** k6 shows as much of the body of an answer that is no handshake. */
const shownBodyBytes = 1024;
const goingAway = 1001;

/** Loaded by the first script that needs it. */
function loadWs(): typeof Ws {
  return createRequire(import.meta.url)('ws');
}

export function startSocket(
  run: RunState,
  vu: VirtualUser,
  [spec]: readonly [SocketSpec],
  events: StartedEvents<'socket'>,
): Started<'socket'> {
  const operation = new SocketOperation(run, vu, spec, events);
  void operation.open();
  return { cancel: () => operation.cancel(), send: (command) => operation.send(command) };
}

class SocketOperation {
  readonly #run: RunState;
  readonly #vu: VirtualUser;
  readonly #spec: SocketSpec;
  readonly #events: StartedEvents<'socket'>;
  readonly #startedMs: number;
  #tags: Tags;
  #tcp: Socket | undefined;
  #socket: Ws.WebSocket | undefined;
  /** Told before the socket was open. */
  readonly #early: SocketCommand[] = [];
  #isOpen = false;
  #isOver = false;
  /** An error that is not a close frame: k6 tells of no code then. */
  #broke = false;

  constructor(run: RunState, vu: VirtualUser, spec: SocketSpec, events: StartedEvents<'socket'>) {
    this.#run = run;
    this.#vu = vu;
    this.#spec = spec;
    this.#events = events;
    this.#startedMs = run.clock.monotonicMs();
    this.#tags = this.#tagged(spec.tags, spec.named ? ['url', 'name'] : ['url'], spec.url);
  }

  async open(): Promise<void> {
    // Events come later, never while the operation is started.
    await Promise.resolve();
    try {
      const url = parseGoUrl(this.#spec.url);
      if (url.scheme !== 'ws' && url.scheme !== 'wss') throw new Error('malformed ws or wss URL');
      const endpoint = await endpointOf(url, this.#run.options, this.#run.resolver);
      if (!this.#isOver) this.#dial(url, endpoint);
    } catch (error) {
      this.#refuse(messageOf(error), undefined, '');
    }
  }

  send(command: SocketCommand): void {
    const socket = this.#socket;
    if (this.#isOver) return;
    if (socket === undefined || !this.#isOpen) {
      this.#early.push(command);
      return;
    }
    switch (command.type) {
      case 'close':
        socket.close(command.code === 1005 ? undefined : command.code, command.reason);
        if (!command.waits) this.#hangUp();
        break;
      case 'message': {
        const { data } = command;
        const isText = typeof data === 'string';
        const bytes = isText ? Buffer.from(data) : Buffer.from(data);
        socket.send(bytes, { binary: !isText }, (error) => this.#written(bytes.length, error));
        break;
      }
      case 'ping':
        socket.ping(command.id, true, (error) => this.#written(0, error));
        break;
    }
  }

  cancel(): void {
    this.#socket?.close(goingAway);
    this.#isOver = true;
    this.#hangUpTcp();
  }

  #dial(url: GoUrl, endpoint: Endpoint): void {
    const { WebSocket } = loadWs();
    const cookieUrl: GoUrl = { ...url, scheme: url.scheme === 'wss' ? 'https' : 'http' };
    const jar = jarOf(this.#vu, this.#spec.jar);
    const headers = new Map([['User-Agent', userAgentOf(this.#run.options)]]);
    for (const [name, value] of this.#spec.headers) headers.set(canonicalHeaderName(name), value);
    const cookies = cookieHeaderOf(jar.forUrl(cookieUrl, this.#run.clock.nowMs()), []);
    if (cookies !== '') {
      const own = headers.get('Cookie');
      headers.set('Cookie', own === undefined ? cookies : `${own}; ${cookies}`);
    }
    const socket = new WebSocket(this.#spec.url, [...this.#spec.protocols], {
      createConnection: () => this.#connect(endpoint),
      handshakeTimeout: handshakeTimeoutMs,
      headers: Object.fromEntries(headers),
      perMessageDeflate: this.#spec.compression
        ? { clientNoContextTakeover: true, serverNoContextTakeover: true }
        : false,
    });
    this.#socket = socket;
    socket.on('upgrade', (response) => {
      for (const line of response.headers['set-cookie'] ?? []) {
        const cookie = parseSetCookie(line);
        if (cookie !== undefined) jar.set(cookie, cookieUrl, this.#run.clock.nowMs());
      }
      socket.once('open', () => this.#opened(response, socket));
    });
    socket.on('unexpected-response', (_request, response) => this.#answered(response));
    this.#listen(socket, endpoint);
  }

  #listen(socket: Ws.WebSocket, endpoint: Endpoint): void {
    const { clock } = this.#run;
    socket.on('message', (data, isBinary) => {
      const bytes = toBuffer(data);
      this.#event({
        data: isBinary ? new Uint8Array(bytes).buffer : bytes.toString(),
        timeMs: clock.nowMs(),
        type: 'message',
      });
    });
    socket.on('ping', () => this.#event({ type: 'ping' }));
    socket.on('pong', (data) => this.#event({ id: data.toString(), timeMs: clock.nowMs(), type: 'pong' }));
    socket.on('error', (error) => {
      this.#broke = true;
      if (!this.#isOpen) this.#refuse(dialMessage(error, endpoint), undefined, '');
    });
    socket.on('close', (code, reason) => {
      if (!this.#isOpen) return;
      const wasCut = code === 1006 && !this.#broke;
      this.#event({
        code: this.#broke ? 0 : code,
        reason: wasCut ? 'unexpected EOF' : reason.toString(),
        type: 'closed',
      });
      this.#end();
    });
  }

  #connect(endpoint: Endpoint): Socket {
    const { host, port, secure, serverName, tls } = endpoint;
    const socket = secure
      ? connectTls({ ...tls, host, port, servername: serverName })
      : connectTcp({ host, port });
    this.#tcp = socket;
    this.#vu.agent.meter(socket);
    return socket;
  }

  #opened(response: IncomingMessage, socket: Ws.WebSocket): void {
    this.#isOpen = true;
    this.#emitConnected(response.statusCode ?? 0, response.headers['sec-websocket-protocol'] ?? '');
    const extensions = response.headers['sec-websocket-extensions'];
    this.#event({
      extensions: extensions === undefined ? [] : [extensions],
      headers: headersOf(response),
      protocol: socket.protocol,
      status: response.statusCode ?? 0,
      tags: this.#tags,
      type: 'open',
    });
    for (const command of this.#early.splice(0)) this.send(command);
  }

  /** Something that is no handshake. */
  #answered(response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    const refuse = (): void => {
      const body = Buffer.concat(chunks).subarray(0, shownBodyBytes).toString();
      this.#refuse('websocket: bad handshake', response, body);
      this.#hangUpTcp();
    };
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('end', refuse);
    response.once('error', refuse);
  }

  #refuse(message: string, response: IncomingMessage | undefined, body: string): void {
    if (this.#isOver) return;
    const status = response?.statusCode ?? 0;
    this.#emitConnected(status, '');
    this.#event({
      body,
      headers: response === undefined ? {} : headersOf(response),
      message,
      status,
      tags: this.#tags,
      type: 'refused',
    });
    this.#end();
  }

  #emitConnected(status: number, protocol: string): void {
    const { clock, registry, samples } = this.#run;
    const connectingMs = clock.monotonicMs() - this.#startedMs;
    if (status !== 0) {
      this.#tags = this.#tagged(this.#tags, ['status'], String(status));
      this.#tags = this.#tagged(this.#tags, ['subproto'], protocol);
    }
    const address = this.#tcp?.remoteAddress;
    if (address !== undefined) this.#tags = this.#tagged(this.#tags, ['ip'], address);
    const { wsConnecting, wsSessions } = registry.builtin;
    const nowMs = clock.nowMs() - connectingMs;
    samples.emit(wsSessions, 1, this.#tags, nowMs);
    samples.emit(wsConnecting, connectingMs, this.#tags, nowMs);
  }

  /** With system tags that are wanted; a name that was given stands for the URL as well. */
  #tagged(tags: Tags, names: readonly string[], value: string): Tags {
    const tagged: Record<string, string> = Object.assign(Object.create(null), tags);
    const given = names.includes('name') ? tags['name'] : undefined;
    for (const name of names) if (this.#run.systemTags.has(name)) tagged[name] = given ?? value;
    return tagged;
  }

  #written(bytes: number, error: Error | null | undefined): void {
    if (error === null || error === undefined) this.#event({ bytes, type: 'written' });
    else this.#event({ message: 'websocket: close sent', type: 'failed' });
  }

  #event(event: SocketEvent): void {
    if (!this.#isOver) this.#events.event?.(event);
  }

  #end(): void {
    this.#isOver = true;
    this.#events.done(undefined);
  }

  #hangUp(): void {
    this.#end();
    this.#hangUpTcp();
  }

  /** Behind what was written. */
  #hangUpTcp(): void {
    this.#tcp?.destroySoon();
  }
}

function toBuffer(data: Ws.RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    const name = canonicalHeaderName(response.rawHeaders[index] ?? '');
    const value = response.rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** As Go words it. */
function dialMessage(error: Error, { host, port }: Endpoint): string {
  const at = `dial tcp ${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch ('code' in error ? String(error.code) : '') {
    case 'ECONNREFUSED':
      return `${at}: connect: connection refused`;
    case 'ECONNRESET':
      return 'EOF';
    case 'ETIMEDOUT':
      return `${at}: i/o timeout`;
    default:
      return error.message === 'socket hang up' ? 'EOF' : error.message;
  }
}
