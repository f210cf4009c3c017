/**
 * One HTTP/1.1 connection that carries one request at a time, and the times of its phases. On plain sockets all
 * connections read into one shared buffer, since each portion is parsed before the next can arrive.
 */
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../clock.ts';
import { connectionError, dialError, errorCodes, RequestError } from './request-error.ts';
import { ResponseParser } from './response-parser.ts';
import type { EndOfInput, ParsedResponse } from './response-parser.ts';

export interface Endpoint {
  readonly secure: boolean;
  /** Where to connect to. */
  readonly host: string;
  readonly port: number;
  /** The name the certificate has to be for. */
  readonly serverName: string;
  /** Client certificates, versions and whether any certificate will do. */
  readonly tls: Readonly<
    Pick<
      ConnectionOptions,
      'cert' | 'key' | 'maxVersion' | 'minVersion' | 'passphrase' | 'rejectUnauthorized'
    >
  >;
}

export interface TlsFacts {
  /** As k6 names it: `tls1.3`. */
  readonly version: string;
  readonly cipherSuite: string;
}

const noTls: TlsFacts = { cipherSuite: '', version: '' };

/** Monotonic times in milliseconds; 0 for what has not happened. */
export interface ExchangeTimes {
  sendStartedMs: number;
  sentMs: number;
  firstByteMs: number;
  endedMs: number;
}

export interface Traffic {
  sentBytes: number;
  receivedBytes: number;
}

interface Exchange {
  readonly times: ExchangeTimes;
  readonly resolve: (response: ParsedResponse) => void;
  readonly reject: (error: RequestError) => void;
}

const sharedReadBuffer = Buffer.allocUnsafeSlow(65_536);

export class Connection {
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #parser = new ResponseParser();
  readonly #socket: Socket;
  readonly onClose: (connection: Connection) => void;
  #exchange: Exchange | undefined;
  #opened: { resolve: () => void; reject: (error: RequestError) => void } | undefined;
  #error: Error | undefined;
  connectingMs = 0;
  remoteAddress = '';
  remotePort = 0;
  tlsHandshakingMs = 0;
  tls = noTls;
  exchanges = 0;
  closed = false;

  constructor(endpoint: Endpoint, clock: Clock, traffic: Traffic, onClose: (connection: Connection) => void) {
    this.#clock = clock;
    this.#traffic = traffic;
    this.onClose = onClose;
    this.#socket = this.#dial(endpoint);
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opened = { reject, resolve };
    });
  }

  /** Sends `request` and waits for the whole answer. */
  exchange(request: string | Buffer, withoutBody: boolean, times: ExchangeTimes): Promise<ParsedResponse> {
    this.exchanges += 1;
    return new Promise((resolve, reject) => {
      this.#exchange = { reject, resolve, times };
      this.#parser.expect(withoutBody);
      times.sendStartedMs = this.#clock.monotonicMs();
      this.#traffic.sentBytes += Buffer.byteLength(request);
      const sent = (): void => {
        if (times.sentMs === 0) times.sentMs = this.#clock.monotonicMs();
      };
      if (typeof request === 'string') this.#socket.write(request, 'utf8');
      else this.#socket.write(request);
      // What the kernel took at once is sent now. Otherwise a large body drains later, and of a small one, for which
      // there is no event, the first byte of the answer tells.
      if (this.#socket.writableLength === 0) sent();
      else this.#socket.once('drain', sent);
    });
  }

  destroy(): void {
    this.closed = true;
    this.#exchange = undefined;
    this.#opened = undefined;
    this.#socket.destroy();
  }

  #dial(endpoint: Endpoint): Socket {
    const startedMs = this.#clock.monotonicMs();
    const plain = { host: endpoint.host, keepAlive: true, noDelay: true, port: endpoint.port };
    let connectedMs = startedMs;
    const opened = (): void => {
      const pending = this.#opened;
      this.#opened = undefined;
      pending?.resolve();
    };
    const connected = (): void => {
      connectedMs = this.#clock.monotonicMs();
      this.connectingMs = connectedMs - startedMs;
      this.remoteAddress = socket.remoteAddress ?? '';
      this.remotePort = socket.remotePort ?? 0;
      if (!endpoint.secure) opened();
    };
    const socket = endpoint.secure
      ? connectTls({
          ...plain,
          ...endpoint.tls,
          ...(isIP(endpoint.serverName) === 0 ? { servername: endpoint.serverName } : {}),
        })
      : connectTcp({
          ...plain,
          onread: {
            buffer: sharedReadBuffer,
            callback: (bytes) => {
              this.#receive(sharedReadBuffer.subarray(0, bytes));
              return true;
            },
          },
        });
    socket.once('connect', connected);
    if (endpoint.secure) {
      socket.on('data', (bytes: Buffer) => this.#receive(bytes));
      socket.once('secureConnect', () => {
        this.tlsHandshakingMs = this.#clock.monotonicMs() - connectedMs;
        if (socket instanceof TLSSocket) this.tls = factsOf(socket);
        opened();
      });
    }
    socket.on('error', (error: Error) => {
      this.#error = error;
    });
    socket.once('end', () => this.#ended());
    socket.once('close', () => this.#ended());
    return socket;
  }

  #receive(bytes: Buffer): void {
    this.#traffic.receivedBytes += bytes.length;
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // What comes without a request could not be told from the next answer.
      this.#ended();
      return;
    }
    if (exchange.times.firstByteMs === 0) exchange.times.firstByteMs = this.#clock.monotonicMs();
    try {
      const response = this.#parser.push(bytes);
      if (response !== undefined) this.#complete(exchange, response);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#error = new RequestError(errorCodes.generic, message, error);
      this.#ended();
    }
  }

  #complete(exchange: Exchange, response: ParsedResponse): void {
    exchange.times.endedMs = this.#clock.monotonicMs();
    if (exchange.times.sentMs === 0) exchange.times.sentMs = exchange.times.firstByteMs;
    this.#exchange = undefined;
    if (!response.head.keepAlive || this.#parser.hasLeftover) this.#close();
    exchange.resolve(response);
  }

  #ended(): void {
    const exchange = this.#exchange;
    const opening = this.#opened;
    this.#exchange = undefined;
    this.#opened = undefined;
    if (opening !== undefined) opening.reject(dialError(this.#error ?? new Error('connection closed')));
    if (exchange !== undefined) {
      exchange.times.endedMs = this.#clock.monotonicMs();
      const end = this.#error === undefined ? this.#parser.end() : undefined;
      if (end?.kind === 'complete') exchange.resolve(end.response);
      else exchange.reject(this.#failure(end));
    }
    this.#close();
  }

  #failure(end: EndOfInput | undefined): RequestError {
    if (end?.kind === 'short' && end.body === undefined) {
      return new RequestError(errorCodes.generic, 'unexpected EOF');
    }
    return connectionError(this.#error, this.#parser.partialBody);
  }

  /** What has come of the answer under way, for a request that is given up. */
  get partialBody(): Buffer | undefined {
    return this.#exchange === undefined ? undefined : this.#parser.partialBody;
  }

  #close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#socket.destroy();
    this.onClose(this);
  }
}

function factsOf(socket: TLSSocket): TlsFacts {
  const version = (socket.getProtocol() ?? '').replace('TLSv1', 'tls1');
  return {
    cipherSuite: socket.getCipher().standardName ?? '',
    version: version === 'tls1' ? 'tls1.0' : version,
  };
}
