import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const lockModule = path.join(import.meta.dirname, 'set-up-lock.mjs');

/** Takes the lock, notes entering and leaving in a file, and works for a moment in between. */
function contender(folder: string): string {
  return `
    import { appendFileSync } from 'node:fs';
    import { withSetUpLock } from ${JSON.stringify(lockModule)};
    const log = ${JSON.stringify(path.join(folder, 'log'))};
    await withSetUpLock(${JSON.stringify(path.join(folder, 'lock'))}, async () => {
      appendFileSync(log, 'in\\n');
      await new Promise((resolve) => setTimeout(resolve, 20));
      appendFileSync(log, 'out\\n');
    }, { pollMs: 5 });`;
}

describe('withSetUpLock', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'redcliff-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const runContenders = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        run(process.execPath, ['--input-type=module', '-e', contender(folder)], { timeout: 50_000 }),
      ),
    );
  const logged = () => readFileSync(path.join(folder, 'log'), 'utf8').trim().split('\n');
  const oneAtATime = Array.from({ length: 8 }, () => ['in', 'out']).flat();

  it('lets one process in at a time and leaves nothing', async () => {
    await runContenders(8);
    expect(logged()).toEqual(oneAtATime);
    expect(readdirSync(folder)).toEqual(['log']);
  });

  it('breaks the lock of a holder that died, for one of those who wait', async () => {
    const { stdout } = await run(process.execPath, ['-p', 'process.pid']);
    writeFileSync(path.join(folder, 'lock'), `${stdout.trim()} 1`);
    await runContenders(8);
    expect(logged()).toEqual(oneAtATime);
    expect(readdirSync(folder)).toEqual(['log']);
  });

  it('gives up on a holder that lives on, naming it, and leaves its lock', async () => {
    const holder = `${process.pid} 1`;
    writeFileSync(path.join(folder, 'lock'), holder);
    const source = `
      import { withSetUpLock } from ${JSON.stringify(lockModule)};
      await withSetUpLock(${JSON.stringify(path.join(folder, 'lock'))}, () => process.exit(3), { deadlineMs: 50, pollMs: 5 });`;
    await expect(run(process.execPath, ['--input-type=module', '-e', source])).rejects.toThrow(
      `another set-up (process ${process.pid})`,
    );
    expect(existsSync(path.join(folder, 'lock'))).toBe(true);
  });
});
