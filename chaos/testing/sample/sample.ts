/** The sample target as the tool loads it, for tests. */
import { fileURLToPath } from 'node:url';
import { planCells, type CellPlan, type CellSelection, planningContext } from '../../run/plan.ts';
import type { LoadedTarget } from '../../target/load-config.ts';
import { target } from './target.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Its configuration file, for `--config`. */
export const sampleConfig = `${folder}redcliff.config.ts`;

export const sample: LoadedTarget = {
  ...target,
  configFile: sampleConfig,
  folder,
  scriptFolder: folder,
};

export const samplePlanning = planningContext(sample);

/** The first cell of the selection. */
export function sampleCell(selection: Partial<CellSelection> = {}): CellPlan {
  const [plan] = planCells(samplePlanning, {
    scenarios: ['items'],
    faults: ['none'],
    seed: '1',
    ...selection,
  });
  if (plan === undefined) throw new Error('the sample has no such cell');
  return plan;
}
