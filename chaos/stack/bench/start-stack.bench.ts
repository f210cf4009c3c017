/** How long a local stack takes to start and to end: `node chaos/stack/bench/start-stack.bench.ts [rounds]`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper } from '../../process/reaper.ts';
import { localProvider } from '../local-provider.ts';

const rounds = Number(process.argv[2] ?? 5);
await using reaper = await startReaper();
await using folder = await temporaryFolder(reaper, 'bench');
const figures: Record<'startMs' | 'restartMs' | 'endMs', number[]> = {
  startMs: [],
  restartMs: [],
  endMs: [],
};
for (let round = 0; round < rounds; round += 1) {
  const stackFolder = path.join(folder.path, String(round));
  await mkdir(stackFolder);
  const begin = performance.now();
  const stack = await localProvider({ reaper }).start({
    folder: stackFolder,
    seed: 'bench',
    signal: AbortSignal.timeout(60_000),
  });
  const up = performance.now();
  await stack.kill('redis');
  await stack.restart('redis', { empty: true });
  const restarted = performance.now();
  await stack[Symbol.asyncDispose]();
  figures.startMs.push(up - begin);
  figures.restartMs.push(restarted - up);
  figures.endMs.push(performance.now() - restarted);
}
for (const [name, values] of Object.entries(figures)) {
  values.sort((left, right) => left - right);
  const median = values[Math.floor(values.length / 2)] ?? Number.NaN;
  console.log(`${name}: median ${median.toFixed(0)}, most ${values.at(-1)?.toFixed(0)}, of ${values.length}`);
}
