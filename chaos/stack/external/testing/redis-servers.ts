/** Real Redis servers as an external stack may have them: alone, in a cluster, as a replica, as a sentinel, or with TLS. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { spawnSupervised } from '../../../process/supervised-process.ts';
import type { Reaper } from '../../../process/reaper.ts';
import { freePort } from '../../free-port.ts';
import { chooseRedis } from '../../programs.ts';

export interface StartedRedis extends AsyncDisposable {
  readonly port: number;
}

/** `lines` is its whole configuration but for port, folder and persistence; a sentinel is one that watches something. */
export async function startRedis(
  reaper: Reaper,
  folder: string,
  name: string,
  lines: readonly string[],
  given?: number,
): Promise<StartedRedis> {
  const choice = chooseRedis(process.env);
  if (!choice.found) throw new Error(choice.reason);
  const port = given ?? (await freePort());
  const home = path.join(folder, name);
  await mkdir(home, { recursive: true });
  const file = path.join(home, 'redis.conf');
  const isTls = lines.some((line) => line.startsWith('tls-cert-file'));
  const isSentinel = lines.some((line) => line.startsWith('sentinel '));
  const listening = isTls ? ['port 0', `tls-port ${port}`] : [`port ${port}`];
  const own = isSentinel ? [] : ['save ""', 'appendonly no'];
  await writeFile(file, [...listening, 'bind 127.0.0.1', `dir ${home}`, ...own, ...lines].join('\n'));
  const { program } = choice;
  const running = await spawnSupervised({
    name,
    command: program.command,
    args: [file, ...(isSentinel ? ['--sentinel'] : [])],
    env: program.environment,
    logFile: path.join(home, 'redis.log'),
    ready: { kind: 'tcp', host: '127.0.0.1', port },
    reaper,
  });
  return { port, [Symbol.asyncDispose]: async () => void (await running.stop()) };
}
