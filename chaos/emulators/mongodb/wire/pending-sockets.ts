/** Sockets just accepted: their first byte tells whether the client speaks TLS, which the server's mode allows or not. */
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { Clock } from '../../../clock.ts';

/** Who may, or must, speak TLS, by MongoDB's names. */
export const tlsModes = ['disabled', 'allowTLS', 'preferTLS', 'requireTLS'] as const;

export interface TlsSettings {
  readonly mode: (typeof tlsModes)[number];
  /** Certificate and private key, PEM. */
  readonly certificateKey: string;
  /** Certificates, PEM, by which those of clients are checked; without them clients need none. */
  readonly certificateAuthority: string | undefined;
  readonly allowsConnectionsWithoutCertificates: boolean;
}

/** First byte of a TLS record that begins a handshake. */
const handshakeRecord = 0x16;
const firstByteDeadlineMs = 30_000;
const handshakeDeadlineMs = 30_000;

export class PendingSockets {
  readonly #clock: Clock;
  readonly #mode: TlsSettings['mode'];
  readonly #secureServer: Server | undefined;
  readonly #accept: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();

  /** @throws Error when certificate and key do not fit. */
  constructor(clock: Clock, tls: TlsSettings | undefined, accept: (socket: Socket) => void) {
    this.#clock = clock;
    this.#accept = accept;
    this.#mode = tls?.mode ?? 'disabled';
    this.#secureServer = tls === undefined || tls.mode === 'disabled' ? undefined : this.#secureServerOf(tls);
  }

  add(socket: Socket): void {
    if (this.#secureServer === undefined) {
      this.#accept(socket);
      return;
    }
    this.#sockets.add(socket);
    const deadline = this.#clock.timer(firstByteDeadlineMs, () => socket.destroy());
    const destroy = (): void => void socket.destroy();
    socket.once('close', () => {
      deadline[Symbol.dispose]();
      this.#sockets.delete(socket);
    });
    socket.on('error', destroy);
    socket.once('data', (chunk: Buffer) => {
      deadline[Symbol.dispose]();
      socket.pause();
      socket.unshift(chunk);
      this.#hand(socket, chunk[0] === handshakeRecord);
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#secureServer?.close();
  }

  #hand(socket: Socket, isSecure: boolean): void {
    if (isSecure) this.#secureServer?.emit('connection', socket);
    else if (this.#mode === 'requireTLS') socket.destroy();
    else {
      this.#sockets.delete(socket);
      this.#accept(socket);
      socket.resume();
    }
  }

  #secureServerOf(tls: TlsSettings): Server {
    const { certificateAuthority, certificateKey } = tls;
    const requestCert = certificateAuthority !== undefined;
    const server = createServer({
      key: certificateKey,
      cert: certificateKey,
      requestCert,
      rejectUnauthorized: false,
      handshakeTimeout: handshakeDeadlineMs,
      ...(requestCert ? { ca: certificateAuthority } : {}),
    });
    server.on('tlsClientError', (_error, socket) => void socket.destroy());
    server.on('secureConnection', (socket) => {
      if (requestCert && !isTrusted(socket, tls)) socket.destroy();
      else this.#accept(socket);
    });
    return server;
  }
}

function isTrusted(socket: TLSSocket, { allowsConnectionsWithoutCertificates }: TlsSettings): boolean {
  if (socket.authorized) return true;
  return allowsConnectionsWithoutCertificates && Object.keys(socket.getPeerCertificate()).length === 0;
}
