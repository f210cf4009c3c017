/** Servers with a known flaw, each a process of its own, loaded as a target is: the measurement must find the flaw. */
import { expect, it } from 'vitest';
import { nameBottleneck } from '../../reports/capacity/bottleneck.ts';
import { fitGrowth } from '../../reports/capacity/growth.ts';
import { fitScalability } from '../../reports/capacity/scalability.ts';
import type { Step } from '../../reports/capacity/step.ts';
import { seededRandom } from '../../reports/statistics/random.ts';
import { systemClock } from '../clock.ts';
import { startLoadGenerator } from './load/load-generator.ts';
import { type Bench, measureStep, type Subject } from './measure-step.ts';
import { readProcessUsage } from './resources/processes.ts';
import { startSyntheticServer, type SyntheticServer } from './testing/synthetic-server.ts';

const poolSize = 4;
const rungs = [1, 2, 4, 8, 16, 32];

function subjectOf(server: SyntheticServer): Subject {
  return {
    urls: [server.url],
    metrics: null,
    watched: {
      processes: [{ name: 'api-1', role: 'api', pid: server.pid, singleThreaded: true }],
      pools: [
        { name: 'pool of api-1', pid: server.pid, port: server.backendPort, size: poolSize, besides: 0 },
      ],
      backlog: null,
    },
  };
}

async function climb(bench: Bench, server: SyntheticServer, path: string, repeats = 2): Promise<Step[]> {
  const steps: Step[] = [];
  for (const connections of rungs) {
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
      const traffic = { kind: 'fixed', request: { method: 'GET', path } } as const;
      const load = { kind: 'closed', connections } as const;
      const limits = { durationMsMin: 500, durationMsMax: 1_200 };
      steps.push(
        await measureStep(bench, subjectOf(server), { traffic, load, repeat, seed: path, ...limits }),
      );
    }
  }
  return steps;
}

const pointsOf = (steps: readonly Step[]) =>
  steps.map(({ load, throughputPerSecond }) => ({
    concurrency: load.value,
    throughput: throughputPerSecond,
  }));

/** Without the processors of the machine, which other programs may keep busy. */
const loadSteps = (steps: readonly Step[]) =>
  steps.map(({ load, throughputPerSecond, utilisations }) => ({
    load: load.value,
    throughputPerSecond,
    utilisations: utilisations.filter(({ kind }) => kind !== 'processors'),
  }));

it('finds a mutex as contention with nothing busy', async () => {
  await using server = await startSyntheticServer();
  await using generator = startLoadGenerator(systemClock, null);
  const bench = { generator, clock: systemClock, signal: new AbortController().signal };
  const steps = await climb(bench, server, '/mutex');
  const fit = fitScalability(pointsOf(steps), { random: seededRandom('mutex'), resamples: 200 });
  if (!fit.fitted) throw new Error(fit.reason);
  expect(fit.shape).not.toBe('linear');
  // Half of each request is done one at a time.
  expect(fit.sigma.value).toBeGreaterThan(0.2);
  expect(nameBottleneck(loadSteps(steps)).kind).toBe('serialisation');

  const plain = await climb(bench, server, '/plain', 1);
  const free = fitScalability(pointsOf(plain), { random: seededRandom('plain'), resamples: 200 });
  if (!free.fitted) throw new Error(free.reason);
  expect(free.sigma.value).toBeLessThan(0.1);
  expect(plain.filter(({ little }) => little.holds).length).toBeGreaterThan(rungs.length / 2);
});

it.skipIf(process.platform !== 'linux')('names the pool that is too small', async () => {
  await using server = await startSyntheticServer({ POOL_SIZE: String(poolSize) });
  await using generator = startLoadGenerator(systemClock, null);
  const bench = { generator, clock: systemClock, signal: new AbortController().signal };
  const found = nameBottleneck(loadSteps(await climb(bench, server, '/pool', 1)));
  expect(found).toMatchObject({ resource: 'pool of api-1', kind: 'pool' });
  expect(found.evidence[0]).toContain('4 of 4');
});

it.skipIf(process.platform !== 'linux')(
  'finds a route that is quadratic in a size to grow worse than linear',
  async () => {
    await using server = await startSyntheticServer();
    const points = [];
    for (const size of [400, 800, 1_600, 3_200]) {
      for (const _ of [1, 2, 3]) {
        const before = await readProcessUsage(server.pid);
        for (let request = 0; request < 3; request += 1) await fetch(`${server.url}/quadratic?size=${size}`);
        const after = await readProcessUsage(server.pid);
        points.push({ size, cost: (after?.loopSeconds ?? 0) - (before?.loopSeconds ?? 0) });
      }
    }
    const growth = fitGrowth(points);
    if (!growth.fitted) throw new Error(growth.reason);
    expect(growth.verdict).toBe('worse-than-linear');
    expect(growth.exponentAtTop).toBeGreaterThan(1.6);
  },
);
