/** The folder of a simulated cell that is kept: its plan, its record and the hash of its trace, so that it can be simulated again and compared. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Cell, cellSchema } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';
import type { PlanningContext } from '../run/plan.ts';
import { type PlanFile, readPlanFile, writePlanFile } from '../run/plan-file.ts';
import { cellFileName } from './inside/job.ts';

/** What `--plan` takes. */
export const planFileName = 'plan.json';
const traceFileName = 'trace.json';
const traceSchema = z.object({ hash: z.string() });

export interface KeptCell {
  readonly plan: PlanFile;
  readonly cell: Cell;
  /** Of its trace. */
  readonly hash: string;
}

export async function keepCell(folder: string, plan: PlanFile, hash: string): Promise<void> {
  await writePlanFile(join(folder, planFileName), plan);
  await writeFile(join(folder, traceFileName), `${JSON.stringify({ hash })}\n`);
}

/** Throws UsageError when the folder is not one that `keepCell` left with the record of a cell. */
export async function readKeptCell(folder: string, context: PlanningContext): Promise<KeptCell> {
  const plan = await readPlanFile(join(folder, planFileName), context);
  try {
    const { hash } = traceSchema.parse(JSON.parse(await readFile(join(folder, traceFileName), 'utf8')));
    const cell = cellSchema.parse(JSON.parse(await readFile(join(folder, cellFileName), 'utf8')));
    return { plan, cell, hash };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `REPORT "${folder}" has no record of a simulated cell: ${why}`,
      'give the folder that redcliff simulate printed as "files:"',
    );
  }
}
