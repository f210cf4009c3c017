/** A folder without space for the results: the run says so and nothing about the target. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleConfig } from '../testing/sample/sample.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

/** Some cells need longer on a busy machine; a guard against hanging. */
const limitMs = 180_000;
/** Room for the logs of the processes, and not for what the run leaves behind. */
const sizeBytes = 20_000;

let folder: { readonly path: string } & AsyncDisposable;
let small: string | null = null;

beforeAll(async () => {
  folder = await scratchFolder();
  const path = join(folder.path, 'small');
  mkdirSync(path);
  try {
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', path], {
      stdio: 'ignore',
    });
    small = path;
  } catch {
    // Mounting needs rights; that a write fails with ENOSPC is also tested cell by cell, without them.
  }
});
afterAll(async () => {
  if (small !== null) execFileSync('/usr/bin/umount', ['--lazy', small]);
  await folder[Symbol.asyncDispose]();
});

test(
  'a run whose folder is full ends with 70 and the remedy, and neither holds nor violates',
  async (context) => {
    if (small === null) return context.skip();
    const run = ['run', '--config', sampleConfig, '--fault', 'none', '--duration', '2s', '--out', small];
    const finished = await runCommand(run);
    expect(finished).toMatchObject({ status: 70 });
    expect(finished.output).toContain('no space is left on the device');
    expect(finished.output).toContain('--out');
    // The line below the table explains its signs.
    const said = finished.output.replace('✓ held   ✗ violated', '');
    expect(said).not.toMatch(/Held|violated|✗|✓/i);
  },
  limitMs,
);
