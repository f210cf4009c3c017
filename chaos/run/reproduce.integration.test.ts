import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell } from '../../reports/record/report.ts';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { runCommand, scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';
import { sampleConfig, samplePlanning } from '../testing/sample/sample.ts';
import { parsePlanFile, type PlanFile } from './plan-file.ts';

const withSample = ['--config', sampleConfig];

/** Four faults; only the second and the last reach Redis, and the mutant loses writes once Redis was away. */
const failing: PlanFile = {
  planVersion: 1,
  title: 'a mutant among four faults',
  scenario: 'items',
  label: 'four-faults',
  seed: 'four',
  mutant: 'gives-up-after-redis',
  world: { items: 16 },
  processes: { api: 1, worker: 1 },
  load: { durationMs: 5_000, ratePerSecond: 40, maxVus: 240 },
  settings: {},
  invariants: ['kept'],
  maxErrorRate: 1,
  timeline: [
    { fault: 'mongo-slow', applyAtMs: 500, healAtMs: 1_200, parameters: { latencyMs: 20, jitterMs: 0 } },
    { fault: 'redis-down', applyAtMs: 1_300, healAtMs: 2_300, parameters: {} },
    { fault: 'worker-killed', applyAtMs: 2_400, healAtMs: 3_000, parameters: { victim: 0 } },
    { fault: 'redis-slow', applyAtMs: 3_100, healAtMs: 3_800, parameters: { latencyMs: 20, jitterMs: 0 } },
  ],
};

test('a failure found under four faults fails again, and is shrunk to the fault that matters', async () => {
  await using folder = await scratchFolder();
  const file = join(folder.path, 'four.plan.json');
  await writeFile(file, JSON.stringify(failing));
  const ran = await runCommand(['run', ...withSample, '--plan', file, '--out', join(folder.path, 'run')]);
  expect(ran).toMatchObject({ status: 1 });
  expect(ran.output).toMatch(/\bkept violated/);

  const junitCase = `${join(folder.path, 'run', 'latest', 'junit.xml')}#kept`;
  const common = ['reproduce', junitCase, ...withSample, '--out', folder.path];
  const reproduced = await runCommand([...common, '--times', '1']);
  expect(reproduced).toMatchObject({ status: 1 });
  expect(reproduced.output).toContain('kept in items × four-faults: violated again in 1 of 1 runs');

  const small = join(folder.path, 'small.plan.json');
  const shrink = ['--shrink', '--repeats', '1', '--max-runs', '9', '--write', small];
  await using cut = startCommand([...common, ...shrink]);
  await cut.outputs('[2, faults]');
  cut.child.kill('SIGINT');
  expect(await cut.finished).toMatchObject({ status: 130 });
  expect(await cut.left()).toEqual([]);
  const [, resume = ''] = /reproduce --resume (\S+)/.exec(cut.output()) ?? [];
  const shrunk = await runCommand([
    'reproduce',
    ...withSample,
    '--resume',
    resume,
    '--max-runs',
    '9',
    '--write',
    small,
  ]);
  expect(shrunk).toMatchObject({ status: 1 });
  // What was found before the interruption is not run again.
  expect(shrunk.output).not.toContain('[1, faults]');
  const plan = parsePlanFile(await readFile(small, 'utf8'), small, samplePlanning);
  expect(plan.timeline.map(({ fault }) => fault)).toEqual(['redis-down']);

  const alone = await runCommand([
    'run',
    ...withSample,
    '--plan',
    small,
    '--out',
    join(folder.path, 'alone'),
  ]);
  expect(alone).toMatchObject({ status: 1 });
  const { cells } = await readReport(join(folder.path, 'alone', 'latest', 'report.json'));
  expect(cells.flatMap(({ verdicts }) => verdicts)).toContainEqual(
    expect.objectContaining({ invariant: 'kept', verdict: 'false' }),
  );
}, 300_000);

test('a run pauses at a fault until Enter is pressed, and Ctrl-C there ends it without a trace', async () => {
  await using folder = await scratchFolder();
  const report = join(folder.path, 'report.json');
  await writeFile(report, JSON.stringify(syntheticReport([heldCell])));
  const where = [...withSample, '--pause-at', 'redis-down', '--out', folder.path];
  await using held = startCommand(['reproduce', report, ...where], {}, 'pipe');
  await held.outputs('Press Enter to continue');
  const output = held.output();
  const [, url = ''] = /^ +target +(http:\S+)$/m.exec(output) ?? [];
  const health: unknown = await (await fetch(`${url}/health`)).json();
  expect(health).toEqual({ queue: null });
  expect(output).toMatch(/Redis, directly +redis:/);
  held.child.stdin?.write('\n');
  await held.outputs('Continuing');
  expect((await held.finished).output).toContain('redis-down healed');

  await using ended = startCommand(['reproduce', report, ...where], {}, 'pipe');
  await ended.outputs('Press Enter to continue');
  ended.child.kill('SIGINT');
  expect(await ended.finished).toMatchObject({ status: 130 });
  expect(await ended.left()).toEqual([]);
}, 180_000);

/** A cell in which all was well, as it was recorded. */
const heldCell: Cell = {
  ...syntheticCell({ scenario: 'items', fault: 'redis-down', seconds: 2, ratePerSecond: 5 }).cell,
  config: {
    world: { items: 8 },
    processes: { api: 1, worker: 1 },
    load: { durationMs: 3_000, ratePerSecond: 20, maxVus: 60 },
    settings: {},
    mutant: null,
  },
  timeline: [{ fault: 'redis-down', applyAtMs: 800, healAtMs: 1_800, parameters: {} }],
  verdicts: [],
};
