import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cell } from '../../reports/record/report.ts';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import { defaultInvariants } from '../../reports/checkers/defaults.ts';
import { sampleCell, samplePlanning } from '../testing/sample/sample.ts';
import {
  parsePlanFile,
  planFileOf,
  planFileOfRecord,
  planOf,
  type PlanFile,
  readPlanFile,
  writePlanFile,
} from './plan-file.ts';

const plan: PlanFile = {
  planVersion: 1,
  title: 'items without Redis',
  scenario: 'items',
  label: 'shrunk-redis-down',
  seed: 'seed',
  mutant: null,
  world: { items: 3 },
  processes: { api: 1, worker: 0 },
  load: { durationMs: 3_000, ratePerSecond: 5, maxVus: 20 },
  settings: { CACHE_SECONDS: '3' },
  invariants: ['kept'],
  maxErrorRate: 1,
  timeline: [
    { fault: 'redis-slow', applyAtMs: 500, healAtMs: 900, parameters: { latencyMs: 80, jitterMs: 0 } },
    { fault: 'mongo-down', applyAtMs: 700, healAtMs: 1_200, parameters: {} },
  ],
};

test('a plan comes back as it was written, and becomes the cell it describes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plan-'));
  try {
    const file = join(folder, 'a.plan.json');
    await writePlanFile(file, plan);
    expect(await readPlanFile(file, samplePlanning)).toEqual(plan);
  } finally {
    await rm(folder, { recursive: true });
  }
  const cell = planOf(samplePlanning, plan);
  expect(cell).toMatchObject({ label: 'shrunk-redis-down', seed: 'seed', durationMs: 3_000 });
  expect(cell.scenario).toMatchObject({
    name: 'items',
    world: plan.world,
    processes: { worker: 0 },
    settings: plan.settings,
    maxErrorRate: { default: 1 },
  });
  expect(planFileOf(cell, plan.title)).toEqual(plan);
});

test('a plan may have no fault at all, and sizes that its scenario does not have', () => {
  const bare = { ...plan, timeline: [], world: { items: 5, shops: 2 } };
  expect(parsePlanFile(JSON.stringify(bare), 'bare', samplePlanning)).toEqual(bare);
});

test('a plan without invariants is judged by those of its scenario', () => {
  const { scenario } = planOf(samplePlanning, { ...plan, invariants: [] });
  const names = scenario.invariants.map(({ invariant }) => invariant);
  expect(names).toEqual(['kept', ...defaultInvariants().map(({ invariant }) => invariant)]);
});

const [slow, down] = plan.timeline;

test.each<[string, unknown, RegExp, RegExp]>([
  ['not JSON', '{"planVersion": 1,', /is not JSON/, /--shrink/],
  ['a report', { schemaVersion: 1 }, /is not a plan: it has no planVersion/, /--shrink/],
  ['a newer one', { ...plan, planVersion: 2 }, /is 2, but this is version 1/, /shrink/],
  ['with an unknown field', { ...plan, loads: 1 }, /loads/, /correct the field/],
  ['without a seed', { ...plan, seed: undefined }, /seed/, /correct the field/],
  ['with half a process', { ...plan, processes: { api: 0.5 } }, /processes\.api/, /correct/],
  [
    'with an unknown role',
    { ...plan, processes: { api: 1, clerk: 1 } },
    /"clerk" is not a process/,
    /api, worker/,
  ],
  ['with a bad label', { ...plan, label: 'a b' }, /label: must be 1 to 40/, /correct/],
  ['with a short load', { ...plan, load: { ...plan.load, durationMs: 10 } }, /load\.durationMs/, /correct/],
  ['of no scenario', { ...plan, scenario: 'item' }, /scenario "item" does not exist/, /items/],
  ['of no invariant', { ...plan, invariants: ['I99'] }, /invariants: "I99" does not exist/, /kept/],
  ['of no mutant', { ...plan, mutant: 'none' }, /"none" does not exist/, /forgets-writes/],
  ['of no fault', { ...plan, timeline: [{ ...slow, fault: 'x' }] }, /\[0\]\.fault: "x" does not/, /./],
  ['with a bad parameter', { ...plan, timeline: [{ ...slow, parameters: {} }] }, /\[0\]\.parameters/, /./],
  [
    'with a fault that is healed after the load',
    { ...plan, timeline: [{ ...down, healAtMs: 9_000 }] },
    /timeline \[0\]\.healAtMs is 9000/,
    /heal it earlier/,
  ],
  [
    'with faults that conflict',
    { ...plan, timeline: [slow, { ...slow, fault: 'redis-down', parameters: {} }] },
    /conflicts with/,
    /./,
  ],
])('a plan %s is refused, with field and remedy', (_, content, message, hint) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  expect(() => parsePlanFile(text, '--plan "x"', samplePlanning)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      exitStatus: 64,
    }),
  );
});

test('a plan that does not exist is refused by its name', async () => {
  await expect(readPlanFile('/nowhere/x.json', samplePlanning)).rejects.toThrow(
    /--plan "\/nowhere\/x.json" cannot be read/,
  );
});

const recorded: Cell = {
  ...syntheticCell({ scenario: 'items', fault: 'redis-down', seconds: 2, ratePerSecond: 5 }).cell,
  seed: 'recorded',
  timeline: [{ fault: 'redis-down', applyAtMs: 1_234, healAtMs: 2_345, parameters: {} }],
  config: {
    world: { items: 7 },
    processes: { api: 1 },
    load: { durationMs: 3_000, ratePerSecond: 9, maxVus: 30, workers: 2 },
    settings: { CACHE_SECONDS: '9' },
    mutant: 'gives-up-after-redis',
    rest: 'healthy',
  },
  thresholds: [{ metric: 'redcliff_unavailable', expression: 'rate<=0.25', verdict: 'true' }],
};

test('the plan of a record has its timeline, load, world, processes, settings, seed, mutant and limit', () => {
  expect(planFileOfRecord(recorded, samplePlanning)).toMatchObject({
    seed: 'recorded',
    mutant: 'gives-up-after-redis',
    world: { items: 7 },
    processes: { api: 1 },
    load: { durationMs: 3_000, ratePerSecond: 9, maxVus: 30 },
    settings: { CACHE_SECONDS: '9' },
    maxErrorRate: 0.25,
    timeline: recorded.timeline,
  });
});

test('the plan that a cell ran by is that of its record', () => {
  const plan = sampleCell({ faults: ['redis-down'], mutant: 'gives-up-after-redis' });
  const file = planFileOf(plan, 'items × redis-down as it was recorded');
  const { world, processes, load, settings, mutant } = file;
  const cell = {
    ...recorded,
    seed: file.seed,
    timeline: file.timeline,
    config: { world, processes, load, settings, mutant },
    verdicts: file.invariants.map((invariant) => ({
      invariant,
      title: '',
      verdict: 'true' as const,
      reason: '',
      witnesses: [],
    })),
    thresholds: [
      { metric: 'redcliff_unavailable', expression: `rate<=${file.maxErrorRate}`, verdict: 'true' as const },
    ],
  };
  expect(planFileOfRecord(cell, samplePlanning)).toEqual(file);
});

test('a record that does not say how it was run is refused, and one of another target', () => {
  expect(() => planFileOfRecord({ ...recorded, config: {} }, samplePlanning)).toThrow(
    /does not say how items × redis-down was run: config.world/,
  );
  expect(() => planFileOfRecord({ ...recorded, scenario: 'chess' }, samplePlanning)).toThrow(
    /scenario "chess", which does not exist/,
  );
});
