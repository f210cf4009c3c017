/** What the simulated harness is asked to do, and how it answers: both are data, because nothing else crosses into a simulation. */
import { z } from 'zod';
import { planFileSchema } from '../../run/plan-file.ts';

export const jobSchema = z.strictObject({
  configFile: z.string(),
  target: z.string(),
  plan: planFileSchema,
  /** Absolute; takes the files of the stack and the cell. */
  folder: z.string(),
});

export type SimulationJob = z.infer<typeof jobSchema>;

/** In the folder of the job: the record of the cell, as reports have it. */
export const cellFileName = 'cell.json';
