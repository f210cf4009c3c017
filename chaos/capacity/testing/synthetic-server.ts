/** Starts the server with a known flaw as a process of its own, for tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface SyntheticServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly backendPort: number;
}

export async function startSyntheticServer(
  environment: Readonly<Record<string, string>> = {},
): Promise<SyntheticServer> {
  const program = fileURLToPath(new URL('./synthetic-server-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port, backendPort } = z
    .object({ port: z.int(), backendPort: z.int() })
    .parse(JSON.parse(z.string().parse(line)));
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    backendPort,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
