import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { newRunId } from '../process/run-id.ts';
import { processesNaming, processesOfRun } from '../process/testing/living-processes.ts';

/** What the project promises: nothing is left after this time. */
const promisedMs = 5_000;

it.runIf(process.platform === 'linux')('leaves nothing of a stack when the harness is killed', async () => {
  const runId = newRunId();
  const standIn = path.join(import.meta.dirname, 'testing', 'stack-stand-in.ts');
  const harness = spawn(process.execPath, [standIn, runId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(harness, 'exit');
  await once(harness.stdout, 'data');
  expect(processesOfRun(runId)).toHaveLength(3);
  harness.kill('SIGKILL');
  await ended;
  const left = () => ({
    marked: processesOfRun(runId),
    named: processesNaming(runId),
    folders: readdirSync(tmpdir()).filter((name) => name.includes(runId)),
  });
  await expect.poll(left, { timeout: promisedMs }).toEqual({ marked: [], named: [], folders: [] });
});
