import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defects } from '../defects/registry.ts';
import { experimentWithEight, plantedFailures } from './eight-faults.ts';
import {
  type ExperimentFile,
  parseExperimentFile,
  planOf,
  readExperimentFile,
  writeExperimentFile,
} from './experiment-file.ts';

const experiment: ExperimentFile = {
  experimentVersion: 1,
  title: 'turns without Redis',
  scenario: 'turns',
  outage: 'shrunk-redis-down',
  seed: 'seed',
  defect: null,
  world: { sessions: 1, generals: 10, cities: 2, nations: 1 },
  processes: { api: 1, turnProcessor: 0, dbSync: 1 },
  load: { durationMs: 3_000, ratePerSecond: 5, maxVus: 20 },
  settings: { TURN_PERIOD_MS: '300' },
  invariants: ['I1', 'I10'],
  unavailableShareMax: 1,
  timeline: [
    { fault: 'redis-slow', applyAtMs: 500, healAtMs: 900, parameters: { latencyMs: 80, jitterMs: 0 } },
    { fault: 'mongo-down', applyAtMs: 700, healAtMs: 1_200, parameters: {} },
  ],
};

it('comes back as it was written, and becomes the cell it describes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'experiment-'));
  try {
    const file = join(folder, 'a.experiment.json');
    await writeExperimentFile(file, experiment);
    expect(await readExperimentFile(file)).toEqual(experiment);
  } finally {
    await rm(folder, { recursive: true });
  }
  const plan = planOf(experiment);
  expect(plan).toMatchObject({ outage: 'shrunk-redis-down', seed: 'seed', durationMs: 3_000 });
  expect(plan.timeline).toEqual(experiment.timeline);
  expect(plan.experiment).toMatchObject({
    name: 'turns',
    script: 'turns/turns.k6.ts',
    world: experiment.world,
    processes: { turnProcessor: 0 },
    settings: { TURN_PERIOD_MS: '300' },
    unavailableShareMax: { default: 1 },
  });
});

it('may have no fault at all, and counts of things that a scenario has beside the usual ones', () => {
  const bare = { ...experiment, timeline: [], world: { ...experiment.world, items: 5 } };
  expect(parseExperimentFile(JSON.stringify(bare), 'bare')).toEqual(bare);
});

const [slow, down] = experiment.timeline;

it.each<[string, unknown, RegExp, RegExp]>([
  ['not JSON', '{"experimentVersion": 1,', /is no JSON/, /--shrink/],
  ['a report', { schemaVersion: 1 }, /no experimentVersion/, /--shrink/],
  ['a newer one', { ...experiment, experimentVersion: 2 }, /is 2, but this is version 1/, /shrink/],
  ['an unknown field', { ...experiment, loads: 1 }, /loads/, /correct the field/],
  ['no seed', { ...experiment, seed: undefined }, /seed/, /correct the field/],
  ['no API', { ...experiment, processes: { ...experiment.processes, api: 0 } }, /processes\.api/, /correct/],
  ['a bad outage', { ...experiment, outage: 'a b' }, /outage: must be 1 to 40/, /correct/],
  [
    'a short load',
    { ...experiment, load: { ...experiment.load, durationMs: 10 } },
    /load\.durationMs/,
    /correct/,
  ],
  [
    'no scenario',
    { ...experiment, scenario: 'turn' },
    /scenario: "turn" does not exist/,
    /reads, tournaments, turns/,
  ],
  ['no invariant', { ...experiment, invariants: ['I99'] }, /invariants: "I99" does not exist/, /I1/],
  ['no defect', { ...experiment, defect: 'none' }, /"none" does not exist/, /defects: /],
  ['no fault', { ...experiment, timeline: [{ ...slow, fault: 'x' }] }, /\[0\]\.fault: "x" does not/, /./],
  ['a bad parameter', { ...experiment, timeline: [{ ...slow, parameters: {} }] }, /\[0\]\.parameters/, /./],
  [
    'a fault healed late',
    { ...experiment, timeline: [{ ...down, healAtMs: 9_000 }] },
    /timeline\.0\.healAtMs/,
    /durationMs/,
  ],
  [
    'faults that fight',
    { ...experiment, timeline: [slow, { ...slow, fault: 'redis-down', parameters: {} }] },
    /would fight/,
    /./,
  ],
])('is refused when it is %s, with field and remedy', (_, content, message, hint) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  expect(() => parseExperimentFile(text, '--experiment "x"')).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      exitStatus: 64,
    }),
  );
});

it('that does not exist is refused by its name', async () => {
  await expect(readExperimentFile('/nowhere/x.json')).rejects.toThrow(/--experiment "\/nowhere\/x.json"/);
});

it.each(plantedFailures)('of $defect among eight faults is one, with a known defect', (planted) => {
  const eight = experimentWithEight(planted);
  expect(parseExperimentFile(JSON.stringify(eight), 'eight')).toEqual(eight);
  expect(eight.timeline).toHaveLength(8);
  expect(eight.invariants).toContain(planted.invariant);
  expect(defects.find(({ name }) => name === planted.defect)?.breaks).toContain(planted.invariant);
});
