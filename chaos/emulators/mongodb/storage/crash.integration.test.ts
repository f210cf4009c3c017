import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../random.ts';
import { FolderInUseError } from './errors.ts';
import { auditBank } from './testing/bank.ts';
import { openTestEngine } from './testing/engine-fixture.ts';

/** Rounds of killing the process; `STORAGE_CRASH_ROUNDS` for more, `STORAGE_CRASH_SEED` for others. */
const rounds = Number(process.env['STORAGE_CRASH_ROUNDS'] ?? 10);
const seed = process.env['STORAGE_CRASH_SEED'] ?? 'crash';

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'redcliff-storage-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function startBank(folder: string, prefix: string) {
  const script = join(import.meta.dirname, 'testing/bank-process.ts');
  return spawn(process.execPath, [script, folder, `${seed} ${prefix}`, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Runs the bank until it is killed, `delayMs` after it was ready; the ids it acknowledged whole. */
async function runUntilKilled(folder: string, prefix: string, delayMs: number): Promise<string[]> {
  const bank = startBank(folder, prefix);
  const exited = once(bank, 'exit');
  const lines: string[] = [];
  const reader = createInterface({ input: bank.stdout });
  const closed = once(reader, 'close');
  const ready = Promise.withResolvers<void>();
  reader.on('line', (line) => {
    lines.push(line);
    ready.resolve();
  });
  await Promise.race([ready.promise, exited]);
  await sleep(delayMs);
  bank.kill('SIGKILL');
  const [, signal] = await exited;
  await closed;
  if (signal !== 'SIGKILL') throw new Error('the bank ended by itself');
  return lines.slice(1);
}

describe('killing the process', () => {
  it(
    `loses no acknowledged transfer and leaves no half one (${rounds} rounds)`,
    { timeout: 60_000 + rounds * 5000 },
    async () => {
      await using folder = await temporaryFolder();
      const random = seededRandom(seed);
      const acknowledged: string[] = [];
      for (let round = 0; round < rounds; round += 1) {
        acknowledged.push(...(await runUntilKilled(folder.path, String(round), random.integer(0, 250))));
        await using engine = await openTestEngine({ folder: folder.path, notify: () => undefined });
        expect({ round, faults: auditBank(engine, acknowledged) }).toEqual({ round, faults: [] });
      }
      expect(acknowledged.length).toBeGreaterThan(rounds);
      console.info(`${rounds} kills, ${acknowledged.length} acknowledged transfers, all there`);
    },
  );

  it('frees the folder, which two processes cannot have at once', async () => {
    await using folder = await temporaryFolder();
    const bank = startBank(folder.path, 'lock');
    await once(bank.stdout, 'data');
    await expect(openTestEngine({ folder: folder.path })).rejects.toThrow(FolderInUseError);
    bank.stdout.resume();
    bank.kill('SIGKILL');
    await once(bank, 'exit');
    await using engine = await openTestEngine({ folder: folder.path, notify: () => undefined });
    expect(auditBank(engine, [])).toEqual([]);
  });
});
