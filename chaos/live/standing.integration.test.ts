import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCommand, scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';
import { sampleConfig } from '../testing/sample/sample.ts';
import { statusSchema, type Status } from './protocol.ts';

const limitMs = 180_000;
/** What the harness promises: nothing is left five seconds after its end. */
const endLimitMs = 5_000;

test(
  'goes up, gets a fault while a client reads and writes, is healed, and goes down without a trace',
  async () => {
    await using folder = await scratchFolder();
    // What is up is found through the temporary folder: this one has only what this test started.
    const own = { TMPDIR: folder.path };
    await using up = startCommand(['up', 'items', '--config', sampleConfig, '--out', folder.path], own);
    await up.outputs('ends everything');
    const [, base = ''] = /^ +api +(http:\S+)$/m.exec(up.output()) ?? [];
    const item = `${base}/items/i1`;
    expect(await (await fetch(item)).json()).toMatchObject({ item: { text: 'seeded', version: 1 } });
    const written = await fetch(item, { method: 'POST', body: JSON.stringify({ text: 'by hand' }) });
    expect(written.status).toBe(200);

    const broken = await runCommand(['fault', 'redis-down'], own);
    expect(broken).toMatchObject({ status: 0, output: expect.stringContaining('effect observed: ') });
    expect(await (await fetch(item)).json()).toMatchObject({ item: { text: 'by hand', version: 2 } });
    const during = await readStatus(own);
    expect(during).toMatchObject({
      name: 'redcliff',
      target: 'sample',
      scenario: 'items',
      health: { well: false },
      inForce: [{ fault: 'redis-down', healsAtMs: null, effect: { observed: true } }],
    });
    expect((await runCommand(['status'], own)).output).toContain('redis-down, since');

    const refused = await runCommand(['up', 'items', '--config', sampleConfig, '--out', folder.path], own);
    expect(refused).toMatchObject({ status: 64, output: expect.stringContaining('is up already') });
    const conflict = await runCommand(['fault', 'redis-slow', '--set', 'latencyMs=50'], own);
    expect(conflict).toMatchObject({
      status: 64,
      output: expect.stringContaining('conflicts with redis-down'),
    });

    const healed = await runCommand(['heal'], own);
    expect(healed).toMatchObject({ status: 0, output: expect.stringContaining('healed redis-down') });
    const after = await untilStatus(own, ({ health }) => health?.well === true);
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
    await using up = startCommand(['up', 'items', '--config', sampleConfig, '--out', folder.path], own);
    await up.outputs('ends everything');
    expect(await runCommand(['fault', 'mongo-down', '--for', '500ms'], own)).toMatchObject({ status: 0 });
    await up.outputs('healed: mongo-down');
    expect((await up.left()).length).toBeGreaterThan(5);
    up.child.kill('SIGKILL');
    await up.finished;
    const deadline = performance.now() + endLimitMs;
    while ((await up.left()).length > 0 && performance.now() < deadline) await sleep(100);
    expect(await up.left()).toEqual([]);
    expect(await runCommand(['fault', 'redis-down'], own)).toMatchObject({
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
