/**
 * The owner of a whole run of the tests, Vitest's global set-up: processes and temporary files of tests end with the
 * run, also when Vitest itself is killed, or one of its workers. It is the run's own reaper that does it, so the tests of `system/`
 * need nothing of the harness.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../clock.ts';
import { startReaper } from '../reaper.ts';
import { testRunVariable } from './test-run-id.ts';

/** What a test has killed may have a reaper of its own that is still at work: nothing is left of it after this time. */
const promisedMs = 5_000;
const lookEveryMs = 50;

/** Resolves to what ends it; that rejects, so the run fails, when processes or files were left for it to end. */
export default async function ownTestRun(): Promise<() => Promise<void>> {
  const reaper = await startReaper();
  // Short, because sockets are created in it, and their paths are limited to about a hundred characters.
  const folder = path.join(tmpdir(), `redcliff-tests-${reaper.runId.slice(0, 8)}`);
  reaper.watchFolder(folder);
  await mkdir(folder, { mode: 0o700 });
  process.env['TMPDIR'] = folder;
  process.env[testRunVariable] = reaper.runId;
  return async () => {
    const files = await leftIn(folder);
    const processes = await reaper[Symbol.asyncDispose]().catch((error: unknown) => error);
    const left = [
      ...(files.length === 0 ? [] : [`temporary files: ${files.join(', ')}`]),
      ...(processes instanceof Error ? [processes.message] : []),
    ];
    if (left.length > 0) throw new Error(`tests left something behind: ${left.join('; ')}`);
  };
}

async function leftIn(folder: string): Promise<readonly string[]> {
  const deadlineMs = systemClock.monotonicMs() + promisedMs;
  for (;;) {
    const left = await readdir(folder);
    if (left.length === 0 || systemClock.monotonicMs() > deadlineMs) return left;
    await systemClock.sleep(lookEveryMs);
  }
}
