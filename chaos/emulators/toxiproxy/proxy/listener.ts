/**
 * An open port. Connections wait until they are admitted, so that a port can be opened before it is decided whether it
 * will be used. Closing refuses new connections at once; those admitted belong to the proxy.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ApiError } from '../errors.ts';
import { formatAddress, type NetworkAddress } from './listen-address.ts';

export interface Listener {
  /** host:port as bound, with the real port when 0 was asked for. */
  readonly address: string;
  /** Hands over the connections that wait, and every further one. */
  admit(): void;
  close(): void;
}

/** Waiting connections that the kernel may hold: as many as it allows, since ten thousand may come at once. */
const BACKLOG = 65_535;

const bindProblems: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
};

/** Throws ApiError listenFailed when the port cannot be had. */
export async function openListener(
  address: NetworkAddress,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  let waiting: Socket[] | undefined = [];
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    if (waiting === undefined) onConnection(socket);
    else waiting.push(socket.on('error', () => {}));
  });
  const bound = await bind(server, address);
  return {
    address: formatAddress({ host: bound.address, port: bound.port }),
    admit: () => {
      const sockets = waiting ?? [];
      waiting = undefined;
      for (const socket of sockets) onConnection(socket);
    },
    close: () => {
      server.close();
      for (const socket of waiting ?? []) socket.destroy();
    },
  };
}

function bind(server: Server, address: NetworkAddress): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      reject(
        ApiError.listenFailed(` ${formatAddress(address)}: bind: ${bindProblems[code] ?? error.message}`),
      );
    });
    server.listen({ host: address.host, port: address.port, backlog: BACKLOG }, () => {
      const bound = server.address();
      // Errors of a listener that is open (such as too many files) must not end the process.
      server.on('error', () => {});
      if (bound === null || typeof bound === 'string') reject(ApiError.listenFailed(': no address'));
      else resolve(bound);
    });
  });
}
