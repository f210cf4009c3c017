import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { buildTarget } from './build.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'redcliff-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const node = (code: string) => ['node', '-e', code] as const;
const write = (name: string) => node(`require('node:fs').writeFileSync('${name}', '')`);

it('runs the steps in the folder of the target, one after the other', async () => {
  const second = node("require('node:fs').renameSync('one', 'two')");
  await buildTarget({ folder, build: [write('one'), second] }, signal);
  expect(existsSync(path.join(folder, 'two'))).toBe(true);
});

it('stops at a step that fails, with what it said', async () => {
  const failing = node("console.error('no compiler'); process.exit(2)");
  const building = buildTarget({ folder, build: [failing, write('later')] }, signal);
  await expect(building).rejects.toThrow(UsageError);
  await expect(building).rejects.toThrow(/^build\.0: node -e .* ended with status 2\n {2}\| no compiler$/);
  expect(existsSync(path.join(folder, 'later'))).toBe(false);
});

it('names a program that is not there', async () => {
  const building = buildTarget({ folder, build: [['no-such-compiler', '-O2']] }, signal);
  await expect(building).rejects.toThrow(/^build\.0: no-such-compiler -O2: .*ENOENT/);
});

it('ends a step when the run is interrupted', async () => {
  const interruption = new AbortController();
  const building = buildTarget(
    { folder, build: [node('setInterval(() => {}, 1_000)')] },
    interruption.signal,
  );
  interruption.abort(new Error('interrupted'));
  await expect(building).rejects.toThrow('interrupted');
});
