import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { planningContext } from '../../chaos/run/plan.ts';
import { editedText } from '../../chaos/target/edited-text.ts';
import { planMutantCell } from '../../chaos/verify/mutants.ts';
import { loadTarget } from '../../chaos/target/load-config.ts';
import { checkers } from '../invariants/registry.ts';
import { mutants, parts } from './registry.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const context = planningContext(await loadTarget({}, repository));
const invariants = checkers.map(({ invariant }) => invariant);
const thresholds = ['recovery', 'redcliff_unavailable', 'processes'];

function editedFiles({ name, edits }: (typeof mutants)[number]): readonly (readonly [string, string])[] {
  return [...Map.groupBy(edits, ({ file }) => file)].map(([file, ofFile]) => [
    file,
    editedText(name, file, readFileSync(join(repository, file), 'utf8'), ofFile),
  ]);
}

/** Nothing else of the system goes by a schedule that a short cell shows. */
const brokenByOne: ReadonlySet<string> = new Set(['I19']);

describe('the registry', () => {
  const names = mutants.map(({ name }) => name);

  it('names each mutant once, in alphabetical order', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual([...new Set(names)].toSorted());
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  it('lists the mutants of each part in alphabetical order', () => {
    for (const part of parts) {
      const own = part.map(({ name }) => name);
      expect(own).toEqual(own.toSorted());
    }
  });

  it('has no two mutants that change the same', () => {
    const texts = mutants.map((mutant) => JSON.stringify(editedFiles(mutant).toSorted()));
    const again = mutants.filter((_mutant, index) => texts.indexOf(texts[index] ?? '') !== index);
    expect(again.map(({ name }) => name)).toEqual([]);
  });

  it.each(invariants)('has two mutants at least that break %s', (invariant) => {
    const claiming = mutants.filter(({ breaks }) => breaks.includes(invariant));
    expect(claiming.length).toBeGreaterThanOrEqual(brokenByOne.has(invariant) ? 1 : 2);
  });
});

describe.each(mutants)('$name', (mutant) => {
  const { edits } = mutant;

  it('changes files of the system, and they can be parsed afterwards', () => {
    expect(edits.length).toBeGreaterThan(0);
    for (const { file, find, replace } of edits) {
      expect(file).toMatch(/^system\/[a-z0-9/-]+(?<!\.test)\.(?:lua|ts)$/);
      expect(replace).not.toBe(find);
    }
    for (const [file, text] of editedFiles(mutant)) {
      expect(text).not.toBe(readFileSync(join(repository, file), 'utf8'));
      // Throws when the text cannot be parsed.
      if (file.endsWith('.ts')) stripTypeScriptTypes(text);
    }
  });
});

test.each(mutants)('$name has a cell, and claims what is judged in it', (mutant) => {
  const { scenario: name, fault, breaks, notJudged } = mutant;
  expect(breaks.length > 0).toBe(notJudged === undefined);
  for (const claim of breaks) expect([...invariants, ...thresholds]).toContain(claim);
  const plan = planMutantCell(context, mutant, 'seed');
  const own = context.target.scenarios.find((scenario) => scenario.name === name);
  expect(plan).toMatchObject({ label: fault, seed: 'seed', mutant: mutant.name, scenario: { name } });
  expect(plan.scenario.script).toBe(own?.script);
  expect(Object.keys(context.target.processes)).toEqual(
    expect.arrayContaining(Object.keys(plan.scenario.processes)),
  );
  expect(plan.scenario.invariants.map(({ invariant }) => invariant)).toEqual(
    expect.arrayContaining(breaks.filter((claim) => !thresholds.includes(claim))),
  );
  expect(plan.timeline.length).toBe(fault === 'none' ? 0 : 1);
  for (const { applyAtMs, healAtMs } of plan.timeline) {
    expect(applyAtMs).toBeGreaterThan(0);
    expect(healAtMs).toBeGreaterThan(applyAtMs);
    expect(healAtMs).toBeLessThan(plan.durationMs);
  }
});
