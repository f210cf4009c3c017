import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCommand, scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';
import { statusSchema, type Status } from './protocol.ts';

const limitMs = 180_000;
/** What the harness promises: nothing is left five seconds after its end. */
const endLimitMs = 5_000;

test(
  'up, broken by hand while a client reads and writes, healed, and down again without a trace',
  async () => {
    await using folder = await scratchFolder();
    // What is up is found in the temporary folder: here only what this test has started.
    const own = { TMPDIR: folder.path };
    await using up = startCommand(['up', 'reads', '--out', folder.path], own);
    await up.outputs('Ctrl-C or redcliff down');
    const [url] = /http:\/\/\S+\/generals\/1\b/.exec(up.output()) ?? [''];

    const before = await (await fetch(url)).json();
    expect(before).toMatchObject({ data: { no: 1, version: 1 } });
    const trained = await fetch(`${url}/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'train', amount: 1 }),
    });
    expect(await trained.json()).toMatchObject({ outcome: 'applied', data: { version: 2 } });

    const broken = await runCommand(['break', 'redis-down'], own);
    expect(broken).toMatchObject({ status: 0, output: expect.stringContaining('felt: ') });
    expect(await (await fetch(url)).json()).toMatchObject({ data: { version: 2 } });
    const during = await readStatus(own);
    expect(during).toMatchObject({
      name: 'redcliff',
      scenario: 'reads',
      health: { serving: true, redisWell: false, mongoWell: true },
      inForce: [{ fault: 'redis-down', healsAtMs: null, effect: { observed: true } }],
    });
    expect((await runCommand(['status'], own)).output).toContain('redis-down, since');

    const refused = await runCommand(['up', 'reads', '--out', folder.path], own);
    expect(refused).toMatchObject({ status: 64, output: expect.stringContaining('is up already') });
    const fought = await runCommand(['break', 'redis-slow', '--set', 'latencyMs=50'], own);
    expect(fought).toMatchObject({ status: 64, output: expect.stringContaining('would fight redis-down') });

    const healed = await runCommand(['heal'], own);
    expect(healed).toMatchObject({ status: 0, output: expect.stringContaining('healed redis-down') });
    const after = await untilStatus(own, ({ health }) => health.redisWell);
    expect(after).toMatchObject({ inForce: [], healed: [{ fault: 'redis-down' }] });

    expect(await runCommand(['down'], own)).toMatchObject({ status: 0 });
    expect(await up.finished).toMatchObject({ status: 0 });
    expect(await up.left()).toEqual([]);
    expect(await runCommand(['status'], own)).toMatchObject({
      status: 64,
      output: expect.stringContaining('nothing is up'),
    });
  },
  limitMs,
);

test(
  'a fault heals by itself after --for, and SIGKILL of up leaves nothing behind',
  async () => {
    await using folder = await scratchFolder();
    const own = { TMPDIR: folder.path };
    await using up = startCommand(['up', 'reads', '--out', folder.path], own);
    await up.outputs('Ctrl-C or redcliff down');
    expect(await runCommand(['break', 'mongo-down', '--for', '500ms'], own)).toMatchObject({ status: 0 });
    await up.outputs('healed: mongo-down');
    expect((await up.left()).length).toBeGreaterThan(5);
    up.child.kill('SIGKILL');
    await up.finished;
    const deadline = performance.now() + endLimitMs;
    while ((await up.left()).length > 0 && performance.now() < deadline) await sleep(100);
    expect(await up.left()).toEqual([]);
    expect(await runCommand(['break', 'redis-down'], own)).toMatchObject({
      status: 64,
      output: expect.stringContaining('nothing is up'),
    });
  },
  limitMs,
);

async function readStatus(own: Readonly<Record<string, string>>): Promise<Status> {
  const { output } = await runCommand(['status', '--json'], own);
  return statusSchema.parse(JSON.parse(output));
}

async function untilStatus(
  own: Readonly<Record<string, string>>,
  condition: (status: Status) => boolean,
): Promise<Status> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const status = await readStatus(own);
    if (condition(status)) return status;
  }
  throw new Error('the state that was waited for did not come');
}
