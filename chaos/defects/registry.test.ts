import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { checkers } from '../../reports/checkers/registry.ts';
import { experiments } from '../../scenarios/registry.ts';
import { planDefectCell } from './defect-cell.ts';
import { replacementOf } from './load.ts';
import { defects } from './registry.ts';

const mechanism = new Set(['defect.ts', 'defect-cell.ts', 'load.ts', 'registry.ts', 'replace-module.ts']);

describe('the registry', () => {
  it('names each defect once, and every defect of this folder', async () => {
    const names = defects.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const files = (await readdir(new URL('.', import.meta.url)))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !mechanism.has(file))
      .map((file) => basename(file, '.ts'));
    expect(files.toSorted()).toEqual(names.toSorted());
  });

  it.each(checkers.map(({ invariant }) => invariant))(
    'puts the checker of %s to the proof twice',
    (invariant) => {
      const claiming = defects.filter(({ breaks }) => breaks.includes(invariant));
      expect(claiming.length).toBeGreaterThanOrEqual(2);
    },
  );
});

test.each(defects)('$name stands in for a module that exists, under the same names', async (defect) => {
  const { replaced, by } = replacementOf(defect.name);
  expect(existsSync(replaced)).toBe(true);
  const [right, wrong] = await Promise.all([replaced, by].map((path) => import(pathToFileURL(path).href)));
  expect(Object.keys(wrong).toSorted()).toEqual(Object.keys(right).toSorted());
});

test.each(defects)(
  '$name claims something, in a cell of a scenario, and changes nothing else of it',
  (defect) => {
    expect(defect.breaks.length).toBeGreaterThan(0);
    const plan = planDefectCell(defect, 'seed');
    const scenario = experiments.find(({ name }) => name === defect.scenario);
    expect(plan).toMatchObject({
      outage: defect.outage,
      seed: 'seed',
      experiment: { name: defect.scenario },
    });
    expect(plan.experiment.script).toBe(scenario?.script);
    expect(plan.timeline.length).toBe(defect.outage === 'none' ? 0 : 1);
    for (const { applyAtMs, healAtMs } of plan.timeline) {
      expect(applyAtMs).toBeGreaterThan(0);
      expect(healAtMs).toBeGreaterThan(applyAtMs);
      expect(healAtMs).toBeLessThan(plan.durationMs);
    }
  },
);
