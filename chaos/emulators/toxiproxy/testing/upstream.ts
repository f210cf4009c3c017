/** Upstream servers for tests: they live on loopback, and end with the test. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface Upstream extends AsyncDisposable {
  readonly port: number;
  readonly address: string;
  /** Every connection so far, open or not. */
  readonly sockets: readonly Socket[];
  /** What each connection received, and how it ended: 'open', 'end' or an error's code. */
  readonly received: readonly Buffer[];
  readonly endings: readonly string[];
}

export interface UpstreamOptions {
  /** Whether received bytes are kept; true unless given. */
  readonly keeps?: boolean;
  readonly onConnection?: (socket: Socket) => void;
  readonly onData?: (socket: Socket, data: Buffer) => void;
}

export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const sockets: Socket[] = [];
  const received: Buffer[] = [];
  const endings: string[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const index = sockets.push(socket) - 1;
    received.push(Buffer.alloc(0));
    endings.push('open');
    socket.on('data', (data: Buffer) => {
      if (options.keeps !== false)
        received[index] = Buffer.concat([received[index] ?? Buffer.alloc(0), data]);
      options.onData?.(socket, data);
    });
    socket.on('end', () => (endings[index] = 'end'));
    socket.on('error', (error: NodeJS.ErrnoException) => (endings[index] = error.code ?? error.message));
    options.onConnection?.(socket);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    address: `127.0.0.1:${port}`,
    sockets,
    received,
    endings,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

export function startEcho(options: Pick<UpstreamOptions, 'keeps'> = {}): Promise<Upstream> {
  return startUpstream({ ...options, onData: (socket, data) => socket.write(data) });
}
