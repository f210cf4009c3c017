/** `node:http` of one simulated process: Node's own HTTP, on sockets of the simulation. */
import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { OwnProcess } from '../programs/own-process.ts';

/** Node looks for connections that are too slow on the real clock; a simulation does without. */
const neverMs = 2 ** 31 - 1;

interface OwnNet {
  Server: new (options: object, listener: (socket: Duplex) => void) => OwnServer;
  connect(options: object): Duplex;
}

interface OwnServer {
  readonly listening: boolean;
  listen(...args: unknown[]): unknown;
  close(callback?: (error?: Error) => void): unknown;
  address(): unknown;
  ref(): unknown;
  unref(): unknown;
  getConnections(callback: (error: Error | null, count: number) => void): unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export function httpOf(process: OwnProcess): object {
  const net = process.builtins('net') as unknown as OwnNet;
  const OwnDate = process.globals['Date'] as DateConstructor;

  class Agent extends http.Agent {
    constructor(options?: http.AgentOptions) {
      super(options);
      Object.defineProperty(this, 'createConnection', {
        // A request has a path too, which is no path of a socket.
        value: (options: { socketPath?: string }) => net.connect({ ...options, path: options.socketPath }),
      });
    }
  }

  class Server extends http.Server {
    readonly #server: OwnServer;

    constructor(...args: unknown[]) {
      const options = args.find((arg): arg is http.ServerOptions => typeof arg === 'object' && arg !== null);
      const listener = args.find((arg): arg is Listener => typeof arg === 'function');
      super({ ...options, connectionsCheckingInterval: neverMs });
      process.exited.once('exit', () => stopChecking(this));
      this.on('request', (_, response) => {
        // Node would take the real time.
        response.sendDate = false;
        response.setHeader('Date', new OwnDate().toUTCString());
      });
      if (listener !== undefined) this.on('request', listener);
      // As Node's own server has it: an end of what the client sends is not yet the end of the answer.
      this.#server = new net.Server({ allowHalfOpen: true, noDelay: true }, (socket) =>
        this.emit('connection', socket),
      );
      for (const name of ['listening', 'error'])
        this.#server.on(name, (...told) => void this.emit(name, ...told));
      this.#server.on('close', () => {
        this.emit('close');
      });
    }

    override listen(...args: unknown[]): this {
      this.#server.listen(...args);
      return this;
    }

    override close(callback?: (error?: Error) => void): this {
      this.closeIdleConnections();
      stopChecking(this);
      this.#server.close(callback);
      return this;
    }

    override address(): ReturnType<http.Server['address']> {
      return this.#server.address() as ReturnType<http.Server['address']>;
    }

    override getConnections(callback: (error: Error | null, count: number) => void): this {
      this.#server.getConnections(callback);
      return this;
    }

    override ref(): this {
      this.#server.ref();
      return this;
    }

    override unref(): this {
      this.#server.unref();
      return this;
    }

    isListening(): boolean {
      return this.#server.listening;
    }
  }
  Object.defineProperty(Server.prototype, 'listening', {
    get(this: Server) {
      return this.isListening();
    },
    set: () => {
      // Node's own server says so of itself.
    },
    configurable: true,
  });

  const globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5_000 });
  const request = (...args: unknown[]): http.ClientRequest => {
    const [first, second] = args;
    const callback = args.findLast((arg) => typeof arg === 'function');
    const url = typeof first === 'string' ? new URL(first) : first instanceof URL ? first : undefined;
    const given = url === undefined ? first : typeof second === 'object' ? second : {};
    const options = { ...(given as http.RequestOptions), _defaultAgent: globalAgent };
    const answered = callback as ((message: http.IncomingMessage) => void) | undefined;
    return url === undefined ? http.request(options, answered) : http.request(url, options, answered);
  };
  const get = (...args: unknown[]): http.ClientRequest => {
    const made = request(...args);
    made.end();
    return made;
  };
  return {
    ...http,
    Agent,
    Server,
    globalAgent,
    request,
    get,
    createServer: (...args: unknown[]) => new Server(...args),
  };
}

/** The interval is Node's own secret, and would keep the server in memory. */
function stopChecking(server: http.Server): void {
  for (const key of Object.getOwnPropertySymbols(server)) {
    if (key.description !== 'http.server.connectionsCheckingInterval') continue;
    clearInterval(Reflect.get(server, key) as NodeJS.Timeout);
  }
}
