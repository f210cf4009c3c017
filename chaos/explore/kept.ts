/** What an exploration leaves in its folder, so that it can be resumed: its outcomes line by line, and the cells of its loads. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { injectionSchema } from '../../reports/exploration/exploration.ts';
import { cellSchema } from '../../reports/record/report.ts';
import type { Scenario } from '../api/scenario.ts';

export const keptSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('injection'), injection: injectionSchema, signature: z.string() }),
  z.object({ kind: z.literal('cell'), cell: cellSchema }),
]);
export type Kept = z.infer<typeof keptSchema>;

/** Number of the last load that an earlier part of the exploration began; 0 without one. */
export async function lastLoad(folder: string, { name: scenario }: Pick<Scenario, 'name'>): Promise<number> {
  const names = await readdir(join(folder, 'cells')).catch(() => []);
  const prefix = `${scenario}-${loadLabel(0).slice(0, -1)}`;
  const numbers = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)));
  return Math.max(0, ...numbers.filter((number) => Number.isInteger(number)));
}

/** Label of the cell of a load; `number` counts from 1. */
export function loadLabel(number: number): string {
  return `explored-${number}`;
}
