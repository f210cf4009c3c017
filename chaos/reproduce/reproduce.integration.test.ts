import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell } from '../../reports/record/report.ts';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { runCommand, scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';
import { experimentWithEight, plantedFailures } from './eight-faults.ts';
import { parseExperimentFile, type ExperimentFile } from './experiment-file.ts';

/** All defects, with as many runs as a user would give them: minutes for each. Without it, the first, and only its faults. */
const everything = process.env['REDCLIFF_SHRINK_ALL'] === '1';
const chosen = everything ? plantedFailures : plantedFailures.slice(0, 1);
const effort = everything ? [] : ['--repeats', '1', '--max-runs', '6'];
const limitMs = everything ? 1_800_000 : 240_000;

test.each(chosen)(
  '$defect among eight faults: fails, fails again, and shrinks to what fails alone',
  async (planted) => {
    await using folder = await scratchFolder();
    const file = join(folder.path, 'eight.experiment.json');
    const original = experimentWithEight(planted);
    await writeFile(file, JSON.stringify(original));
    const ran = await runCommand(['run', '--experiment', file, '--out', join(folder.path, 'run')]);
    expect(ran).toMatchObject({ status: 1 });
    expect(ran.output).toMatch(new RegExp(String.raw`\b${planted.invariant}\b[ I\d]* violated`));

    const junitCase = `${join(folder.path, 'run', 'latest', 'junit.xml')}#${planted.invariant}`;
    const reproduced = await runCommand(['reproduce', junitCase, '--times', '1', '--out', folder.path]);
    expect(reproduced).toMatchObject({ status: 1 });
    expect(reproduced.output).toContain(
      `${planted.invariant} in ${original.scenario} × eight-faults: violated again in 1 of 1 runs`,
    );

    const small = join(folder.path, 'small.experiment.json');
    const shrunk = await runCommand([
      'reproduce',
      junitCase,
      '--shrink',
      ...effort,
      '--write',
      small,
      '--out',
      folder.path,
    ]);
    expect(shrunk).toMatchObject({ status: 1 });
    const experiment = parseExperimentFile(await readFile(small, 'utf8'), small);
    expect([1, 2]).toContain(experiment.timeline.length);
    for (const { fault } of experiment.timeline) {
      expect(original.timeline.map((other) => other.fault)).toContain(fault);
    }
    const limit = everything ? sizeOf(original) / 4 : sizeOf(original);
    expect(sizeOf(experiment)).toBeLessThanOrEqual(limit);
    if (everything) console.log(`${shrunk.output}\n${JSON.stringify(experiment)}`);

    const alone = await runCommand(['run', '--experiment', small, '--out', join(folder.path, 'alone')]);
    expect(alone).toMatchObject({ status: 1 });
    const { cells } = await readReport(join(folder.path, 'alone', 'latest', 'report.json'));
    expect(cells.flatMap(({ verdicts }) => verdicts)).toContainEqual(
      expect.objectContaining({ invariant: planted.invariant, verdict: 'false' }),
    );
  },
  limitMs,
);

test('a run is held at a fault until Enter is pressed, and Ctrl-C there ends it without a trace', async () => {
  await using folder = await scratchFolder();
  const report = join(folder.path, 'report.json');
  await writeFile(report, JSON.stringify(syntheticReport([heldCell])));
  const where = ['--pause-at', 'redis-down', '--out', folder.path];
  await using held = startCommand(['reproduce', report, ...where], {}, 'pipe');
  await held.outputs('Enter goes on');
  const output = held.output();
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(output.slice(output.indexOf('API '))) ?? [''];
  const health: unknown = await (await fetch(`${apiUrl}/api/health`)).json();
  expect(JSON.stringify(health)).toContain('queue');
  expect(output).toMatch(/Redis, directly +redis:/);
  held.child.stdin?.write('\n');
  await held.outputs('Going on');
  expect((await held.finished).output).toContain('redis-down healed');

  await using ended = startCommand(['reproduce', report, ...where], {}, 'pipe');
  await ended.outputs('Enter goes on');
  ended.child.kill('SIGINT');
  expect(await ended.finished).toMatchObject({ status: 130 });
  expect(await ended.left()).toEqual([]);
}, 180_000);

/** How much is done in an experiment: what its shrinking is to make small. */
function sizeOf({ load, world }: ExperimentFile): number {
  return load.ratePerSecond * load.durationMs * world.generals;
}

/** A cell in which all was well, as it was recorded. */
const heldCell: Cell = {
  ...syntheticCell({ scenario: 'reads', outage: 'redis-down', seconds: 2, ratePerSecond: 5 }).cell,
  config: {
    world: { sessions: 1, generals: 20, cities: 5, nations: 2 },
    processes: { api: 1, turnProcessor: 0, dbSync: 1 },
    load: { durationMs: 3_000, ratePerSecond: 20, maxVus: 60 },
    settings: {},
    defect: null,
  },
  timeline: [{ fault: 'redis-down', applyAtMs: 800, healAtMs: 1_800, parameters: {} }],
};
