/** The emulator on TCP ports. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { bytesOf } from './bytes/byte-string.ts';
import type { Configuration } from './config/configuration.ts';
import { Engine } from './engine/engine.ts';
import type { LogLevel } from './engine/server-state.ts';
import type { Session } from './engine/session.ts';
import type { Disk } from './persistence/disk.ts';

export interface RedisServerOptions {
  /** Its `bind` and `port` say where to listen; port 0 takes a free one. */
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the data are kept; nothing outlives the server without one. */
  readonly disk?: Disk;
  readonly processId?: number;
  readonly log?: (level: LogLevel, text: string) => void;
  /** Told when SHUTDOWN has ended the server. */
  readonly onShutdown?: () => void;
}

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly engine: Engine;
}

/** Resolves once it accepts connections. Rejects with the error of the listener, such as EADDRINUSE. */
export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  const { configuration } = options;
  const engine = new Engine(options);
  const sockets = new Set<Socket>();
  const listeners: Server[] = [];
  let port = configuration.number('port');
  const stop = async (): Promise<void> => {
    engine[Symbol.dispose]();
    for (const socket of sockets) socket.destroy();
    await Promise.all(listeners.map(closed));
  };
  try {
    for (const address of configuration.text('bind').split(' ')) {
      const listener = createServer({ noDelay: true }, (socket) => serve(engine, socket, sockets));
      const bound = await listen(listener, address, port, configuration.number('tcp-backlog'));
      if (bound === undefined) continue;
      listeners.push(listener);
      port = bound;
    }
    if (listeners.length === 0) throw new Error('none of the addresses of bind can be listened on');
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  configuration.change([['port', String(port)]], 'start');
  return { port, engine, [Symbol.asyncDispose]: stop };
}

function serve(engine: Engine, socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  const { configuration } = engine.server;
  const keepAliveSeconds = configuration.number('tcp-keepalive');
  if (keepAliveSeconds > 0) socket.setKeepAlive(true, keepAliveSeconds * 1000);
  const session: Session = engine.connect({
    remote: addressText(socket.remoteAddress, socket.remotePort),
    local: addressText(socket.localAddress, socket.localPort),
    isLoopback: isLoopback(socket.remoteAddress ?? ''),
    get unsentBytes() {
      return socket.writableLength;
    },
    send: (bytes) => socket.write(bytes, 'latin1'),
    end: () => socket.destroySoon(),
    destroy: () => socket.destroy(),
  });
  socket.on('data', (data) => session.receive(bytesOf(data)));
  // Its close event follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    session.disconnected();
  });
}

/** IPv4 addresses are shown as such also where they come in as IPv6; IPv6 ones in brackets. */
function addressText(address: string | undefined, port: number | undefined): string {
  const text = (address ?? '?').replace(/^::ffff:(?=\d+\.)/, '');
  return text.includes(':') ? `[${text}]:${port ?? 0}` : `${text}:${port ?? 0}`;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** `*` stands for all IPv4 addresses, `::*` for all of IPv6; one behind a dash may be missing, and gives undefined then. */
function listen(listener: Server, bind: string, port: number, backlog: number): Promise<number | undefined> {
  const mayBeMissing = bind.startsWith('-');
  const name = mayBeMissing ? bind.slice(1) : bind;
  const host = name === '*' ? '0.0.0.0' : name === '::*' ? '::' : name;
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const isMissing = error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
      if (mayBeMissing && isMissing) resolve(undefined);
      else reject(error);
    };
    listener.once('error', onError);
    listener.listen({ host, port, backlog, ipv6Only: host === '::' }, () => {
      listener.off('error', onError);
      const address = listener.address();
      if (address === null || typeof address === 'string') reject(new TypeError('no TCP address'));
      else resolve(address.port);
    });
  });
}

function closed(listener: Server): Promise<void> {
  return new Promise((resolve) => {
    listener.close(() => resolve());
  });
}
