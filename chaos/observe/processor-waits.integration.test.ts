import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { measureProcessorWaits } from './processor-waits.ts';

const busy = 'for (;;) {}';
const names = new Set(['api-1']);

/** More processes than processors, all of them busy: some must wait, and Linux says how long. */
test.runIf(process.platform === 'linux')('a starved process is known by the log that it writes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'processor-waits-'));
  await mkdir(join(folder, 'elsewhere'));
  const log = openSync(join(folder, 'api-1.log'), 'w');
  const start = (output: number | 'ignore') =>
    spawn(process.execPath, ['-e', busy], { stdio: ['ignore', output, output] });
  const others = Array.from({ length: 2 * availableParallelism() }, () => start('ignore'));
  const processes = [start(log), ...others];
  try {
    await using waits = measureProcessorWaits(systemClock, folder, names);
    await using elsewhere = measureProcessorWaits(systemClock, join(folder, 'elsewhere'), names);
    await systemClock.sleep(3_000);
    const seen = (await waits.finish()) ?? [];
    expect(new Set(seen.flatMap(({ waitedMs }) => Object.keys(waitedMs)))).toEqual(new Set(['api-1']));
    const waitedMs = seen.reduce((sum, wait) => sum + (wait.waitedMs['api-1'] ?? 0), 0);
    expect(waitedMs).toBeGreaterThan(500);
    expect(await elsewhere.finish()).toBeUndefined();
  } finally {
    for (const child of processes) child.kill('SIGKILL');
    closeSync(log);
    await rm(folder, { recursive: true });
  }
});
