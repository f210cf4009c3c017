/**
 * A/A test of the comparison: one cell of identical code is run again and again, to learn how often it is called worse, and how small a slow-down is
 * found.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CalibrationRun } from '../../reports/compare/calibration.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { HarnessError } from '../errors.ts';
import { readAlone, refuseElsewhere, runAlone } from '../run/alone.ts';
import {
  type CampaignHost,
  type CampaignKind,
  type CampaignOptions,
  OutcomeLog,
  runCampaign,
} from '../run/campaign.ts';
import { historyFileName } from '../run/cell-folder.ts';
import type { CellPlan, PlanningContext } from '../run/plan.ts';
import { repeatedCell, repeatedCellSchema } from '../run/side-by-side.ts';
import { invocation } from '../setup/own-files.mjs';

export type ComparisonSettings = z.infer<typeof repeatedCellSchema>;

export const comparisonCampaign: CampaignKind<ComparisonSettings> = {
  what: 'test of the comparison',
  command: 'redcliff verify comparison',
  settings: repeatedCellSchema,
};

export interface ComparisonOptions extends Pick<CampaignOptions<number, unknown>, 'folder' | 'stackStarted'> {
  readonly context: PlanningContext;
  readonly settings: ComparisonSettings;
  readonly runs: number;
  readonly starting: (plan: CellPlan, number: number) => void;
  readonly note: (line: string) => void;
}

/** A machine on which so many runs in a row fail is fit for no measurement. */
const failuresMax = 3;
const outcomeSchema = z.object({ usable: z.boolean() });

/** Runs that are there already count. Throws UsageError when they were made elsewhere, HarnessError when one after the other fails. */
export async function collectRuns(host: CampaignHost, options: ComparisonOptions): Promise<CalibrationRun[]> {
  const { context, settings, folder, runs, note, starting } = options;
  const resume = `${invocation} verify comparison --resume ${folder}`;
  let failures = 0;
  const { cutShort } = await runCampaign<number, z.infer<typeof outcomeSchema>>(host, {
    ...options,
    jobs: Array.from({ length: runs }, (_, index) => index + 1),
    idOf: String,
    workers: 1,
    seed: settings.seed,
    log: new OutcomeLog(folder, outcomeSchema, ({ usable }) => usable),
    resume,
    run: async (number, worker) => {
      const plan = repeatedCell(context, settings, number);
      // What is left of a run that was cut short would be mixed with the new one.
      await rm(join(folder, labelOf(number)), { recursive: true, force: true });
      starting(plan, number);
      const cell = await runAlone(host, worker, plan, { folder, label: labelOf(number), command: resume });
      if (cell === undefined) return undefined;
      const usable = (await readRun(folder, number)) !== null;
      failures = usable ? 0 : failures + 1;
      if (!usable) note(`Run ${number} does not count: ${cell.harnessError ?? 'its history is not whole'}`);
      if (failures === failuresMax)
        throw new HarnessError(
          `${failuresMax} runs in a row failed: ${cell.harnessError}`,
          `run redcliff doctor, then ${resume}`,
        );
      return { usable };
    },
  });
  if (cutShort !== null) throw cutShort;
  return await readRuns(folder, runs);
}

/** Those that count, of the first so many. Throws UsageError when they were not made in one place. */
export async function readRuns(folder: string, runs: number): Promise<CalibrationRun[]> {
  const found: CalibrationRun[] = [];
  for (let number = 1; number <= runs; number += 1) {
    const run = await readRun(folder, number);
    if (run !== null) found.push(run);
  }
  refuseElsewhere(
    'the runs of this test',
    found.map(({ report }) => report),
  );
  return found;
}

function labelOf(number: number): string {
  return `run-${String(number).padStart(3, '0')}`;
}

/** Null when it was not made, was cut short, or says nothing. */
async function readRun(folder: string, number: number): Promise<CalibrationRun | null> {
  const runFolder = join(folder, labelOf(number));
  const run = await readAlone(runFolder);
  if (run === null) return null;
  const history = await readHistory(join(runFolder, run.cell.folder, historyFileName)).catch(() => null);
  if (history === null || history.truncatedAtLine !== null) return null;
  return { report: run.report, history: history.operations };
}
