import { expect, test } from 'vitest';
import { defineScenario } from '../api/define.ts';
import { UsageError } from '../errors.ts';
import { conflicting } from '../faults/timeline.ts';
import { sample, samplePlanning } from '../testing/sample/sample.ts';
import { type CellSelection, parseSuite, planCells, planningContext } from './plan.ts';
import { parseTimeline } from './timeline.ts';

const all: CellSelection = { scenarios: [], faults: [], seed: 'red' };
const [items] = sample.scenarios;
if (items === undefined) throw new Error('the sample has a scenario');
/** A target with a second scenario, which a short run leaves out. */
const context = planningContext({
  ...sample,
  scenarios: [
    items,
    defineScenario({
      name: 'long',
      title: 'What is left to the suites',
      script: items.script,
      rate: 1,
      duration: '20s',
      byDefault: false,
      faults: { short: ['worker-killed'], ci: ['mongo-hang'] },
      durationUnder: { 'worker-killed': '30s' },
      invariants: items.invariants,
    }),
  ],
});
const cellsOf = (asked: Partial<CellSelection>) =>
  planCells(context, { ...all, ...asked }).map(({ scenario, label }) => `${scenario.name} ${label}`);

test('a scenario runs undisturbed first and then under each of its faults', () => {
  expect(cellsOf({})).toEqual(['items none', 'items redis-down', 'items mongo-down', 'items api-killed']);
});

test('asked for nothing, a run leaves some scenarios to the suites; asked for by name, they run as all others', () => {
  expect(cellsOf({ scenarios: ['long'] })).toEqual(['long none', 'long worker-killed']);
  expect(cellsOf({ faults: ['worker-killed'] })).toEqual(['items worker-killed', 'long worker-killed']);
  expect(cellsOf({ faults: ['mongo-down', 'none'] })).toEqual([
    'items mongo-down',
    'items none',
    'long mongo-down',
    'long none',
  ]);
});

test('the suite ci has the short faults and more, the suite smoke a few for a shorter time', () => {
  expect(cellsOf({ suite: 'ci' })).toEqual([
    ...cellsOf({}).slice(0, 4),
    'items redis-slow',
    'long none',
    'long worker-killed',
    'long mongo-hang',
  ]);
  expect(cellsOf({ suite: 'smoke' })).toEqual(['items redis-down']);
  const [smoke] = planCells(planningContext(sample), { ...all, suite: 'smoke', scenarios: ['items'] });
  expect(smoke?.durationMs).toBe(4_000);
});

test('a scenario may last longer under one fault, and a duration that was asked for overrides it', () => {
  const durations = (asked: Partial<CellSelection>) =>
    planCells(context, { ...all, scenarios: ['long'], ...asked }).map(({ durationMs }) => durationMs);
  expect(durations({})).toEqual([20_000, 30_000]);
  expect(durations({ durationMs: 2_000 })).toEqual([2_000, 2_000]);
});

test('a fault asked for by name may be any, and within a suite one that the scenario names there', () => {
  expect(cellsOf({ scenarios: ['items'], faults: ['redis-hang'] })).toEqual(['items redis-hang']);
  expect(cellsOf({ suite: 'ci', faults: ['redis-slow'] })).toEqual(['items redis-slow']);
});

test('the suite full has every fault with every scenario, but those on roles that it has no process of', () => {
  // That at a call is left to scenarios that make the call.
  const faults = [...context.faults.keys()].filter((name) => name !== 'at-call');
  expect(cellsOf({ suite: 'full' })).toEqual(
    ['items', 'long'].flatMap((name) => ['none', ...faults].map((fault) => `${name} ${fault}`)),
  );
  const without = planningContext({ ...sample, scenarios: [{ ...items, processes: { worker: 0 } }] });
  const labels = planCells(without, { ...all, suite: 'full' }).map(({ label }) => label);
  expect(faults.filter((fault) => !labels.includes(fault))).toEqual([
    'clock-jump',
    'worker-killed',
    'worker-paused',
    'worker-without-mongo',
    'worker-without-redis',
  ]);
});

test('a fault on a role that the scenario has no process of adds one', () => {
  const without = planningContext({ ...sample, scenarios: [{ ...items, processes: { worker: 0 } }] });
  const processesUnder = (fault: string) =>
    planCells(without, { ...all, faults: [fault] }).map(({ scenario }) => scenario.processes);
  expect(processesUnder('worker-killed')).toEqual([{ worker: 1 }]);
  expect(processesUnder('api-killed')).toEqual([{ worker: 0 }]);
  expect(processesUnder('rolling-restart')).toEqual([{ worker: 0 }]);
});

test('the same seed gives the same timeline, to the millisecond, and another seed another one', () => {
  const timelines = (seed: string) => planCells(context, { ...all, seed }).map(({ timeline }) => timeline);
  expect(timelines('red')).toEqual(timelines('red'));
  expect(timelines('red')).not.toEqual(timelines('blue'));
});

test('a fault that lasts for the whole load begins and ends with it, and asks for options of one process', () => {
  const [cell] = planCells(context, { ...all, scenarios: ['items'], faults: ['clock-skew'] });
  const [planned] = cell?.timeline ?? [];
  expect(planned).toMatchObject({ applyAtMs: 0, healAtMs: cell?.durationMs });
  const names = ['api-1', 'api-2', 'worker-1'];
  const options = planned?.fault.nodeOptionsAtStart({ offsetMs: -700, victim: 4 }, names);
  expect([...(options ?? [])]).toEqual([
    ['api-2', [expect.stringMatching(/^--import=file:.*jumping-clock.*offsetMs=-700&when=atStart$/)]],
  ]);
});

test('a fault leaves time for a baseline before and a recovery after', () => {
  for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8', '9']) {
    for (const { timeline, durationMs } of planCells(context, { ...all, seed, suite: 'ci' })) {
      for (const { applyAtMs, healAtMs } of timeline) {
        expect(Number.isInteger(applyAtMs) && Number.isInteger(healAtMs)).toBe(true);
        expect(applyAtMs).toBeGreaterThanOrEqual(durationMs * 0.25);
        expect(healAtMs).toBeGreaterThan(applyAtMs);
        expect(healAtMs).toBeLessThanOrEqual(durationMs * 0.7);
      }
    }
  }
});

test('the suite soak runs each scenario once, under several of its own faults', () => {
  const cells = planCells(context, { ...all, suite: 'soak', durationMs: 60_000 });
  expect(cells.map(({ scenario, label }) => `${scenario.name} ${label}`)).toEqual([
    'items soak',
    'long soak',
  ]);
  for (const { scenario, timeline } of cells) {
    expect(timeline.length).toBeGreaterThan(3);
    const named = [...scenario.faults.short, ...(scenario.faults.ci ?? [])];
    for (const { fault } of timeline) expect(named).toContain(fault.name);
    const meeting = timeline.flatMap((later, index) =>
      timeline
        .slice(0, index)
        .filter((earlier) => later.applyAtMs < earlier.healAtMs && conflicting(earlier.fault, later.fault)),
    );
    expect(meeting).toEqual([]);
  }
});

const written = (healAtMs: number) =>
  parseTimeline(
    JSON.stringify([{ fault: 'redis-down', applyAtMs: 1_000, healAtMs }]),
    'test',
    samplePlanning.faults,
  );

test('a timeline from a file runs once with each selected scenario', () => {
  const timeline = written(2_000);
  const cells = planCells(context, { ...all, scenarios: ['items', 'long'], timeline });
  expect(cells.map(({ scenario, label }) => `${scenario.name} ${label}`)).toEqual([
    'items timeline',
    'long timeline',
  ]);
  for (const cell of cells) expect(cell.timeline).toBe(timeline);
});

test.each<[Partial<CellSelection>, RegExp, RegExp]>([
  [{ scenarios: ['item'] }, /scenario "item" does not exist/, /scenarios: items, long/],
  [{ faults: ['redis-up'] }, /--fault "redis-up" does not exist/, /redis-down/],
  [{ durationMs: -1_000 }, /--duration must be at least 1 s, but is -1 s/, /--duration 20s/],
  [{ durationMs: Number.NaN }, /--duration must be at least 1 s/, /--duration 20s/],
  [
    { scenarios: ['items'], suite: 'smoke', faults: ['mongo-down'] },
    /no scenario chosen runs under mongo-down in the suite smoke/,
    /faults of items: /,
  ],
  [{ suite: 'soak', durationMs: 5_000 }, /--duration of a soak must be at least 16 s/, /--duration 10m/],
  [
    { timeline: written(90_000) },
    /timeline \[0\].healAtMs is 90000, but the load of items ends after 4000 ms/,
    /longer/,
  ],
])('bad input %j is refused with the field and the remedy', (part, message, hint) => {
  expect(() => planCells(context, { ...all, ...part })).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      exitStatus: 64,
    }),
  );
});

test('a suite is known by its name, and another name is refused with those there are', () => {
  expect(parseSuite('ci')).toBe('ci');
  expect(() => parseSuite('nightly')).toThrow(UsageError);
  expect(() => parseSuite('nightly')).toThrow('--suite "nightly" does not exist');
});

test('a target whose scenario names a fault that does not exist is refused', () => {
  const scenarios = [{ ...items, faults: { short: ['redis-dwon'] } }];
  expect(() => planningContext({ ...sample, scenarios })).toThrow(
    expect.objectContaining({
      message: 'scenario "items", faults: "redis-dwon" does not exist',
      hint: expect.stringContaining('redis-down'),
    }),
  );
});
