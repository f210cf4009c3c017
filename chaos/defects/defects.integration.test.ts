import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseReport } from '../../reports/record/read-report.ts';
import { runCommand, scratchFolder } from '../cli/command-under-test.ts';
import { defects } from './registry.ts';

/** Two runs of a cell; the time is a guard against hanging. */
const limitMs = 120_000;

test.each(defects)(
  '$name: the run fails, and names what is violated with a witness',
  async (defect) => {
    await using folder = await scratchFolder();
    const where = [defect.scenario, '--outage', defect.outage, '--out', folder.path];
    const finished = await runCommand(['run', ...where, '--defect', defect.name, '--seed', 'planted']);
    expect(finished).toMatchObject({ status: 1 });
    const report = parseReport(await readFile(join(folder.path, 'latest', 'report.json'), 'utf8'));
    const violated = report.cells.flatMap(({ verdicts }) =>
      verdicts.filter(({ verdict }) => verdict === 'false'),
    );
    expect(violated.map(({ invariant }) => invariant)).toEqual(expect.arrayContaining([...defect.breaks]));
    const [witness] = violated.find(({ invariant }) => defect.breaks.includes(invariant))?.witnesses ?? [];
    expect(witness?.summary).toMatch(/\d/);
    for (const invariant of defect.breaks) expect(finished.output).toContain(invariant);
  },
  limitMs,
);
