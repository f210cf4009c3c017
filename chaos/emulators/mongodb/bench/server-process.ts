/** The server as a process of its own in a temporary folder, as benchmarks and campaigns want it. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

export interface ServerProcess extends AsyncDisposable {
  readonly uri: string;
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
}

const main = new URL('../main.ts', import.meta.url).pathname;
const readyDeadlineMs = 20_000;

export async function startServerProcess(nodeOptions: readonly string[] = []): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'redcliff-mongo-'));
  const child = spawn(process.execPath, [...nodeOptions, main, '--port', '0', '--dbpath', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line]: unknown[] = await once(lines, 'line', { signal: AbortSignal.timeout(readyDeadlineMs) });
  const ready: unknown = JSON.parse(String(line));
  if (typeof ready !== 'object' || ready === null || !('port' in ready) || typeof ready.port !== 'number') {
    throw new TypeError(`the server said ${String(line)}`);
  }
  return {
    uri: `mongodb://127.0.0.1:${ready.port}/?replicaSet=rs0`,
    port: ready.port,
    pid: child.pid ?? 0,
    folder,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
