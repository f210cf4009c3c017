/** A short measurement of the bundled target, as its user runs it: one route and one objective, at the lowest priority. */
import { readdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCapacityReport } from '../../reports/capacity/capacity-report.ts';
import { scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';

const lowest = 19;

async function measured(folder: string, options: readonly string[]) {
  await using command = startCommand(['capacity', ...options, '--out', folder]);
  if (command.child.pid !== undefined) setPriority(command.child.pid, lowest);
  const { status, output } = await command.finished;
  if (status !== 0) throw new Error(`it ended with status ${status}: ${output}`);
  const run = join(folder, 'latest');
  const report = await readCapacityReport(join(run, 'report.json'));
  return { report, files: await readdir(run), left: await command.left() };
}

test(
  'measures a route of the bundled target, leaves a report and no process',
  { timeout: 240_000 },
  async () => {
    await using folder = await scratchFolder();
    const options = ['--route', 'session', '--repeats', '1', '--duration', '1500ms', '--seed', 'short'];
    const { report, files, left } = await measured(folder.path, [...options, '--set', 'L1_TTL_SECONDS=2']);
    expect(report).toMatchObject({
      target: 'opensam',
      serving: 'api',
      seed: 'short',
      settings: { L1_TTL_SECONDS: '2' },
      mixes: [],
      faults: [],
      user: { noun: 'player', background: { perMinute: 1 } },
      roles: { api: { processes: 1, connections: 20 } },
      sizes: { entities: [{ collection: 'generals', documentBytes: expect.any(Number) }] },
    });
    const steps = report.routes.flatMap((route) => route.steps);
    expect(steps.slice(0, 6).map(({ load }) => load.value)).toEqual([1, 2, 4, 8, 16, 32]);
    for (const step of steps) {
      expect(step.errorShare).toBe(0);
      expect(step.throughputPerSecond).toBeGreaterThan(0);
      expect(step.metrics['event loop delay p99, ms']).toBeGreaterThan(0);
    }
    const onLinux = process.platform === 'linux';
    const resources = new Set(
      steps.flatMap(({ utilisations }) => utilisations.map(({ resource }) => resource)),
    );
    const expected = [
      'backlog of saves',
      'event loop of api-1',
      'MongoDB pool of api-1',
      'event loop of redis',
    ];
    expect(expected.filter((resource) => resources.has(resource))).toEqual(
      onLinux ? expected : [expected[0]],
    );
    expect(Object.keys(report.sizes.memoryBytes)).toEqual(
      onLinux ? ['api', 'db-sync', 'mongodb', 'redis', 'toxiproxy'] : [],
    );
    expect(files).toEqual(expect.arrayContaining(['growth.csv', 'report.html', 'report.json', 'steps.csv']));
    expect(left).toEqual([]);
  },
);
