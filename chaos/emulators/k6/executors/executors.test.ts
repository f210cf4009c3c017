/** When which executor begins iterations, to the millisecond. */
import { describe, expect, test } from 'vitest';
import { scenario as scenarioSchema } from '../options/scenario.ts';
import { executorFor } from './registry.ts';
import { runToEnd, ScriptedRun } from './scripted-run.ts';

interface Outcome {
  readonly run: ScriptedRun;
  readonly endedAtMs: number;
}

async function execute(
  options: Readonly<Record<string, unknown>>,
  iterationMs: number | ((iteration: number) => number),
  act?: (run: ScriptedRun) => void,
): Promise<Outcome> {
  const executor = executorFor({ ...scenarioSchema.parse(options), name: 'test' });
  const run = new ScriptedRun(executor.plannedVus, iterationMs);
  const work = executor.run(run);
  act?.(run);
  return { endedAtMs: await runToEnd(run, work), run };
}

describe('constant-vus', () => {
  test('begins the next iteration when the last has ended, and lets the last one finish', async () => {
    const { endedAtMs, run } = await execute({ duration: '1s', executor: 'constant-vus', vus: 2 }, 400);
    expect(run.starts).toEqual([0, 0, 400, 400, 800, 800]);
    expect(endedAtMs).toBe(1200);
    expect(run.interrupted).toEqual([]);
    expect(run.freeVus).toBe(2);
  });

  test('interrupts what outlasts gracefulStop', async () => {
    const { endedAtMs, run } = await execute(
      { duration: '1s', executor: 'constant-vus', gracefulStop: '500ms', vus: 1 },
      10_000,
    );
    expect(run.interrupted).toEqual([{ atMs: 1500, vu: 1 }]);
    expect(endedAtMs).toBe(1500);
  });

  test('ends at once when the run is aborted', async () => {
    const { endedAtMs, run } = await execute(
      { duration: '60s', executor: 'constant-vus', vus: 3 },
      10_000,
      (given) => {
        given.clock.timer(250, () => given.abort());
      },
    );
    expect(endedAtMs).toBe(250);
    expect(run.interrupted).toHaveLength(3);
    expect(run.clock.pendingTimers).toBe(0);
  });
});

describe('shared-iterations', () => {
  test('gives each iteration to whoever is free', async () => {
    const { endedAtMs, run } = await execute(
      { executor: 'shared-iterations', iterations: 5, vus: 2 },
      (index) => (index === 0 ? 1000 : 300),
    );
    expect(run.begun.map(({ atMs, vu }) => [atMs, vu])).toEqual([
      [0, 1],
      [0, 2],
      [300, 2],
      [600, 2],
      [900, 2],
    ]);
    expect(endedAtMs).toBe(1200);
  });

  test('drops what was not begun within maxDuration', async () => {
    const { run } = await execute(
      { executor: 'shared-iterations', iterations: 10, maxDuration: '1s', vus: 1 },
      400,
    );
    expect(run.starts).toEqual([0, 400, 800]);
    expect(run.dropped).toBe(7);
  });
});

test('per-vu-iterations gives every VU its own iterations and drops those that come too late', async () => {
  const { run } = await execute(
    { executor: 'per-vu-iterations', iterations: 3, maxDuration: '1s', vus: 2 },
    600,
  );
  expect(run.begun.map(({ atMs, vu }) => [atMs, vu])).toEqual([
    [0, 1],
    [0, 2],
    [600, 1],
    [600, 2],
  ]);
  expect(run.dropped).toBe(2);
});

describe('constant-arrival-rate', () => {
  const options = { duration: '3s', executor: 'constant-arrival-rate', preAllocatedVUs: 5, rate: 20 };

  test('begins 61 iterations at 20/s for 3 s, each at its own time', async () => {
    const { endedAtMs, run } = await execute(options, 10);
    expect(run.starts).toEqual(Array.from({ length: 61 }, (_, index) => index * 50));
    expect(run.begun.map(({ intendedMs }) => intendedMs)).toEqual(run.starts);
    expect(run.dropped).toBe(0);
    expect(endedAtMs).toBe(3010);
  });

  test('keeps to the schedule however long iterations take', async () => {
    const { run } = await execute({ ...options, preAllocatedVUs: 40 }, 1900);
    expect(run.starts).toHaveLength(61);
    expect(run.starts.at(-1)).toBe(3000);
  });

  test('drops arrivals that find no VU, and says so once', async () => {
    const { run } = await execute({ ...options, preAllocatedVUs: 1 }, 120);
    expect(run.starts.slice(0, 4)).toEqual([0, 150, 300, 450]);
    expect(run.begun.length + run.dropped).toBe(61);
    expect(run.warnings).toHaveLength(1);
  });

  test('makes one more VU for each drop as long as maxVUs allows', async () => {
    const { run } = await execute({ ...options, maxVUs: 3, preAllocatedVUs: 1 }, 120);
    expect(new Set(run.begun.map(({ vu }) => vu)).size).toBe(3);
    expect(run.dropped).toBe(2);
    expect(run.freeVus).toBe(3);
  });

  test('counts in other time units', async () => {
    const { run } = await execute({ ...options, rate: 6, timeUnit: '1m', duration: '30s' }, 10);
    expect(run.starts).toEqual([0, 10_000, 20_000, 30_000]);
  });
});

describe('ramping-arrival-rate', () => {
  test('a constant stage begins 1/rate late', async () => {
    const { run } = await execute(
      {
        executor: 'ramping-arrival-rate',
        preAllocatedVUs: 3,
        stages: [{ duration: '1s', target: 10 }],
        startRate: 10,
      },
      5,
    );
    expect(run.starts).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  test('a ramp from 0 to 10/s in 10 s begins iteration n at √(2n) seconds', async () => {
    const { run } = await execute(
      { executor: 'ramping-arrival-rate', preAllocatedVUs: 30, stages: [{ duration: '10s', target: 10 }] },
      5,
    );
    expect(run.starts).toHaveLength(50);
    for (const [index, { intendedMs }] of run.begun.entries()) {
      expect(intendedMs).toBeCloseTo(Math.sqrt(2 * (index + 1)) * 1000, 6);
    }
  });

  test('a stage to 0 pauses, a stage without duration jumps', async () => {
    const stages = [
      { duration: '1s', target: 4 },
      { duration: '0s', target: 0 },
      { duration: '1s', target: 0 },
      { duration: '0s', target: 2 },
      { duration: '1s', target: 2 },
    ];
    const { run } = await execute(
      { executor: 'ramping-arrival-rate', preAllocatedVUs: 5, stages, startRate: 4 },
      5,
    );
    expect(run.starts).toEqual([250, 500, 750, 1000, 2500, 3000]);
  });
});

describe('ramping-vus', () => {
  test('has the VUs of the straight line at each time', async () => {
    const active: number[] = [];
    const { run } = await execute(
      {
        executor: 'ramping-vus',
        gracefulRampDown: '0s',
        stages: [
          { duration: '4s', target: 4 },
          { duration: '2s', target: 4 },
          { duration: '4s', target: 0 },
        ],
        startVUs: 0,
      },
      100,
      (given) => {
        for (let second = 0; second < 10; second += 1) {
          given.clock.timer(second * 1000 + 50, () => active.push(given.active));
        }
      },
    );
    expect(active).toEqual([0, 1, 2, 3, 4, 4, 4, 3, 2, 1]);
    expect(run.freeVus).toBe(4);
  });

  test('a VU that is let go may end its iteration within gracefulRampDown', async () => {
    const { run } = await execute(
      {
        executor: 'ramping-vus',
        gracefulRampDown: '2s',
        stages: [
          { duration: '1s', target: 2 },
          { duration: '0s', target: 0 },
          { duration: '4s', target: 0 },
        ],
        startVUs: 2,
      },
      (index) => (index === 0 ? 1500 : 10_000),
    );
    expect(run.interrupted).toEqual([{ atMs: 3000, vu: 2 }]);
    expect(run.begun).toHaveLength(2);
  });

  test('a VU that is wanted again before that goes on', async () => {
    const { run } = await execute(
      {
        executor: 'ramping-vus',
        gracefulRampDown: '5s',
        gracefulStop: '0s',
        stages: [
          { duration: '1s', target: 1 },
          { duration: '0s', target: 0 },
          { duration: '1s', target: 0 },
          { duration: '0s', target: 1 },
          { duration: '6s', target: 1 },
        ],
      },
      3000,
    );
    expect(run.starts).toEqual([0, 3000, 6000]);
    expect(run.interrupted).toEqual([{ atMs: 8000, vu: 1 }]);
  });
});
