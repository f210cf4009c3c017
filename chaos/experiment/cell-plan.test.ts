import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { planCells, type CellSelection } from './cell-plan.ts';

const all: CellSelection = { scenarios: [], outages: [], seed: 'red', durationMs: undefined };

test('every scenario is run undisturbed first and then under each of its outages', () => {
  const cells = planCells(all).map(({ experiment, outage }) => `${experiment.name} ${outage}`);
  expect(cells).toContain('turns turn-processor-killed');
  expect(cells.indexOf('turns none')).toBe(cells.indexOf('turns redis-down') - 1);
  expect(new Set(cells).size).toBe(cells.length);
});

test('asked for nothing, a run leaves some scenarios to the suites; asked for by name, they are run as all others', () => {
  const scenarios = (asked: Partial<CellSelection>) =>
    new Set(planCells({ ...all, ...asked }).map(({ experiment }) => experiment.name));
  expect(scenarios({})).toEqual(new Set(['reads', 'turns', 'writes']));
  expect(scenarios({ suite: 'ci' })).toContain('auctions');
  expect(scenarios({ outages: ['mongo-down'] })).toContain('auctions');
  const named = planCells({ ...all, scenarios: ['auctions'] }).map(({ outage }) => outage);
  expect(named).toEqual(['none', 'redis-down', 'mongo-down']);
});

test('the same seed gives the same timeline, to the millisecond, and another seed another one', () => {
  const timelines = (seed: string) => planCells({ ...all, seed }).map(({ timeline }) => timeline);
  expect(timelines('red')).toEqual(timelines('red'));
  expect(timelines('red')).not.toEqual(timelines('blue'));
});

test('a fault leaves time for a baseline before and a recovery after', () => {
  for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8', '9']) {
    for (const { timeline, durationMs } of planCells({ ...all, seed })) {
      for (const { applyAtMs, healAtMs } of timeline) {
        expect(Number.isInteger(applyAtMs) && Number.isInteger(healAtMs)).toBe(true);
        expect(applyAtMs).toBeGreaterThanOrEqual(durationMs * 0.25);
        expect(healAtMs).toBeGreaterThan(applyAtMs);
        expect(healAtMs).toBeLessThanOrEqual(durationMs * 0.7);
      }
    }
  }
});

test('the suite ci runs what is run by default and more, the suite smoke a few of it for a shorter time', () => {
  const namesOf = (suite: CellSelection['suite']) =>
    planCells({ ...all, suite }).map(({ experiment, outage }) => `${experiment.name} ${outage}`);
  const ci = namesOf('ci');
  expect(ci).toEqual(expect.arrayContaining(namesOf(undefined)));
  expect(ci.length).toBeGreaterThan(namesOf(undefined).length);
  expect(ci).toEqual(expect.arrayContaining(namesOf('smoke')));
  expect(namesOf('smoke').length).toBeGreaterThan(0);
  for (const { durationMs, experiment } of planCells({ ...all, suite: 'smoke' }))
    expect(durationMs).toBeLessThan(experiment.load.durationMs);
});

test('an outage asked for by name may be any that the scenario declares', () => {
  const asked = { ...all, outages: ['redis-hang'] };
  expect(planCells(asked).length).toBeGreaterThan(0);
  for (const { outage, timeline } of planCells(asked)) {
    expect(outage).toBe('redis-hang');
    expect(timeline).toHaveLength(1);
  }
});

test('the suite soak runs each scenario once, under faults of its own outages', () => {
  const cells = planCells({ ...all, suite: 'soak', durationMs: 40_000 });
  expect(new Set(cells.map(({ experiment }) => experiment.name)).size).toBe(cells.length);
  for (const { experiment, outage, timeline } of cells) {
    expect(outage).toBe('soak');
    expect(timeline.length).toBeGreaterThan(3);
    const declared = [...experiment.outages, ...(experiment.moreOutages ?? [])];
    for (const { fault } of timeline) expect(declared).toContain(fault);
  }
});

test('a timeline written by hand is run once with each scenario chosen', () => {
  const timeline = [{ fault: 'redis-down', applyAtMs: 1_000, healAtMs: 2_000, parameters: {} }];
  const cells = planCells({ ...all, scenarios: ['reads', 'writes'], timeline });
  expect(cells.map(({ experiment, outage }) => `${experiment.name} ${outage}`)).toEqual([
    'reads timeline',
    'writes timeline',
  ]);
  for (const cell of cells) expect(cell.timeline).toEqual(timeline);
});

test.each<[Partial<CellSelection>, RegExp, RegExp]>([
  [{ scenarios: ['turn'] }, /scenario "turn" does not exist/, /auctions, campaign, court, .*, turns, writes/],
  [{ outages: ['redis-up'] }, /--outage "redis-up" does not exist/, /redis-down/],
  [{ durationMs: -1_000 }, /--duration must be at least 1 s, but is -1 s/, /--duration 20s/],
  [
    { scenarios: ['reads'], outages: ['turn-processor-killed'] },
    /no scenario chosen is run under/,
    /reads: /,
  ],
  [
    { scenarios: ['reads'], suite: 'smoke', outages: ['mongo-hang'] },
    /no scenario chosen is run under mongo-hang in the suite smoke/,
    /reads: /,
  ],
  [{ suite: 'soak', durationMs: 5_000 }, /--duration of a soak must be at least 16 s/, /--duration 10m/],
  [
    { timeline: [{ fault: 'redis-down', applyAtMs: 1_000, healAtMs: 90_000, parameters: {} }] },
    /--timeline \[0\].healAtMs is 90000, but the load of reads ends after \d+ ms/,
    /--duration/,
  ],
])('bad input %j is refused with the field and the remedy', (part, message, hint) => {
  const refusal = refusalOf({ ...all, ...part });
  expect(refusal.message).toMatch(message);
  expect(refusal.hint).toMatch(hint);
});

function refusalOf(selection: CellSelection): UsageError {
  try {
    planCells(selection);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('the selection was accepted');
}
