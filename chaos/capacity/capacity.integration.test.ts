/** A short measurement of the bundled target, as its user runs it: one route and one objective, at the lowest priority. */
import { readdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCapacityReport } from '../../reports/capacity/capacity-report.ts';
import { validSteps } from '../../reports/capacity/step.ts';
import { scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';

const lowest = 19;
const linux = process.platform === 'linux';

test(
  'measures a route of the bundled target, leaves a whole report and no process',
  { timeout: 240_000 },
  async () => {
    await using folder = await scratchFolder();
    const options = ['--route', 'session', '--repeats', '1', '--duration', '1500ms', '--seed', 'short'];
    const args = ['capacity', ...options, '--set', 'L1_TTL_SECONDS=2', '--out', folder.path];
    await using command = startCommand(args);
    if (command.child.pid !== undefined) setPriority(command.child.pid, lowest);
    const { status, output } = await command.finished;
    expect(status, output).toBe(0);
    const run = join(folder.path, 'latest');
    const report = await readCapacityReport(join(run, 'report.json'));
    expect(report).toMatchObject({
      target: 'opensam',
      serving: 'api',
      seed: 'short',
      settings: { L1_TTL_SECONDS: '2' },
      mixes: [],
      faults: [],
      user: { noun: 'player', background: { perMinute: 1 } },
      roles: { api: { processes: 1, connections: 20 } },
    });
    const [route] = report.routes;
    const levels = route?.steps.map(({ load }) => load.value) ?? [];
    expect(levels.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32]);
    const steps = validSteps(route?.steps ?? []);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      expect(step.errorShare).toBe(0);
      expect(step.throughputPerSecond).toBeGreaterThan(0);
      expect(step.metrics['event loop delay p99, ms']).toBeGreaterThan(0);
    }
    if (linux) {
      expect(Object.keys(report.sizes.memoryBytes)).toEqual(
        expect.arrayContaining(['api', 'db-sync', 'mongodb', 'redis']),
      );
      expect(steps.flatMap(({ utilisations }) => utilisations.map(({ resource }) => resource))).toEqual(
        expect.arrayContaining(['event loop of api-1', 'MongoDB pool of api-1', 'backlog of saves']),
      );
    }
    expect(report.sizes.entities).toMatchObject([
      { collection: 'generals', documentBytes: expect.any(Number) },
    ]);
    expect(await readdir(run)).toEqual(expect.arrayContaining(['growth.csv', 'report.html', 'steps.csv']));
    expect(await command.left()).toEqual([]);
  },
);
