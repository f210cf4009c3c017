import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleConfig } from '../testing/sample/sample.ts';
import { scratchFolder, startCommand, type StartedCommand } from './testing/command-under-test.ts';

/** What the harness promises: nothing is left five seconds after its end. */
const endLimitMs = 5_000;
const run = ['run', '--config', sampleConfig, '--fault', 'redis-down', '--duration', '10s'];

async function nothingLeft(command: StartedCommand): Promise<string[]> {
  const deadline = performance.now() + endLimitMs;
  let left = await command.left();
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(100);
    left = await command.left();
  }
  return left;
}

test('SIGINT in the middle heals, stops everything, writes the report and ends with 130', async () => {
  await using folder = await scratchFolder();
  await using command = startCommand([...run, '--out', folder.path]);
  await command.outputs('load, redis-down applied');
  expect((await command.left()).length).toBeGreaterThan(5);
  command.child.kill('SIGINT');
  const finished = await command.finished;
  expect(await nothingLeft(command)).toEqual([]);
  expect(finished.status).toBe(130);
  const report: unknown = JSON.parse(await readFile(join(folder.path, 'latest', 'report.json'), 'utf8'));
  expect(report).toMatchObject({ exit: { code: 130 }, cells: [{ harnessError: 'interrupted' }] });
});

test('SIGKILL of the harness in the middle leaves no process behind', async () => {
  await using folder = await scratchFolder();
  await using command = startCommand([...run, '--out', folder.path]);
  await command.outputs('load, redis-down applied');
  expect((await command.left()).length).toBeGreaterThan(5);
  command.child.kill('SIGKILL');
  await command.finished;
  expect(await nothingLeft(command)).toEqual([]);
});
