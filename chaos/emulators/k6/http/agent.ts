/** The connections of one VU, kept alive between its requests, by origin. */
import type { Clock } from '../clock.ts';
import { Connection } from './connection.ts';
import type { Endpoint, Traffic } from './connection.ts';
import type { Socket } from 'node:net';

export class HttpAgent implements Disposable {
  readonly #clock: Clock;
  readonly #idle = new Map<string, Connection[]>();
  readonly #all = new Set<Connection>();
  readonly #metered = new Map<Pick<Socket, 'bytesRead' | 'bytesWritten'>, Traffic>();
  /** Since the last call of `takeTraffic`. */
  #traffic: Traffic = { receivedBytes: 0, sentBytes: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A kept connection, or undefined. */
  reuse(key: string): Connection | undefined {
    const idle = this.#idle.get(key);
    for (let connection = idle?.pop(); connection !== undefined; connection = idle?.pop()) {
      if (!connection.closed) return connection;
    }
    return undefined;
  }

  /** `opened` rejects with a `RequestError` when nobody answers there. */
  dial(endpoint: Endpoint): { readonly connection: Connection; readonly opened: Promise<void> } {
    const connection = new Connection(endpoint, this.#clock, this.#traffic, (closed) =>
      this.#all.delete(closed),
    );
    this.#all.add(connection);
    return { connection, opened: connection.open() };
  }

  release(key: string, connection: Connection, keep: boolean): void {
    if (connection.closed) return;
    if (!keep) {
      this.discard(connection);
      return;
    }
    const idle = this.#idle.get(key);
    if (idle === undefined) this.#idle.set(key, [connection]);
    else idle.push(connection);
  }

  discard(connection: Connection): void {
    this.#all.delete(connection);
    connection.destroy();
  }

  closeIdle(): void {
    for (const list of this.#idle.values()) {
      for (const connection of list) this.discard(connection);
    }
    this.#idle.clear();
  }

  /** Counts what goes over a socket that is not one of its connections. */
  meter(socket: Pick<Socket, 'bytesRead' | 'bytesWritten' | 'once'>): void {
    this.#metered.set(socket, { receivedBytes: 0, sentBytes: 0 });
    socket.once('close', () => {
      this.#countMetered();
      this.#metered.delete(socket);
    });
  }

  #countMetered(): void {
    for (const [{ bytesRead, bytesWritten }, counted] of this.#metered) {
      this.#traffic.receivedBytes += bytesRead - counted.receivedBytes;
      this.#traffic.sentBytes += bytesWritten - counted.sentBytes;
      counted.receivedBytes = bytesRead;
      counted.sentBytes = bytesWritten;
    }
  }

  takeTraffic(): { sentBytes: number; receivedBytes: number } {
    this.#countMetered();
    const taken = { ...this.#traffic };
    this.#traffic.sentBytes = 0;
    this.#traffic.receivedBytes = 0;
    return taken;
  }

  [Symbol.dispose](): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#idle.clear();
  }
}
