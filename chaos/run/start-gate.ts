/**
 * Where the load generator and the harness agree on the start of the load. The script asks, at the end of its setup(), when to start; the harness
 * answers once everything else is ready. When a generator is slow to become ready, the load and the timeline of the faults start later together.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StartGate extends AsyncDisposable {
  /** Answers with `{"loadStartMs": epoch milliseconds}` once the gate is open. */
  readonly url: string;
  /** Resolves when the script asks. */
  readonly asked: Promise<void>;
  open(loadStartMs: number): void;
}

export async function makeStartGate(): Promise<StartGate> {
  const asked = Promise.withResolvers<void>();
  const waiting: ServerResponse[] = [];
  let start: number | null = null;
  const answer = (response: ServerResponse): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ loadStartMs: start }));
  };
  const server = createServer((_, response) => {
    asked.resolve();
    if (start === null) waiting.push(response);
    else answer(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/start`,
    asked: asked.promise,
    open: (loadStartMs) => {
      start = loadStartMs;
      for (const response of waiting.splice(0)) answer(response);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
