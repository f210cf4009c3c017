/**
 * Runs two versions of the target in pairs, right after each other on one stack. Which of a pair comes first changes from pair to pair (ABBA), so that
 * a machine that becomes slower and slower favours neither.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Pair } from '../../reports/compare/side-by-side.ts';
import { type OneCellRun, readAlone, refuseElsewhere, runAlone } from './alone.ts';
import {
  type CampaignHost,
  type CampaignKind,
  OutcomeLog,
  runCampaign,
  type CampaignOptions,
} from './campaign.ts';
import { type CellPlan, planCell, type PlanningContext, scenarioNamed } from './plan.ts';

/** One cell that is run again and again. */
export const repeatedCellSchema = z.strictObject({
  scenario: z.string(),
  fault: z.string(),
  durationMs: z.int().positive(),
  seed: z.string(),
});

const settingsSchema = repeatedCellSchema.extend({
  /** Whole commit, or folder, of the version that is compared with the one here. */
  before: z.string(),
});
export type PairSettings = z.infer<typeof settingsSchema>;

export const pairCampaign: CampaignKind<PairSettings> = {
  what: 'comparison side by side',
  command: 'redcliff compare --against',
  settings: settingsSchema,
};

const versions = ['before', 'after'] as const;
type Version = (typeof versions)[number];

/** Throws UsageError when the scenario or fault is unknown. */
export function repeatedCell(
  context: PlanningContext,
  settings: z.infer<typeof repeatedCellSchema>,
  number: number,
): CellPlan {
  const scenario = scenarioNamed(context, settings.scenario);
  const { fault, durationMs } = settings;
  return planCell(context, scenario, fault, { seed: `${settings.seed}-${number}`, durationMs });
}

export interface PairOptions {
  readonly context: PlanningContext;
  readonly settings: PairSettings;
  readonly folder: string;
  readonly pairs: number;
  /** Folder of the version before. */
  readonly beforeFolder: string;
  readonly command: string;
  readonly stackStarted: CampaignOptions<never, never>['stackStarted'];
  readonly starting: (plan: CellPlan, number: number, version: Version) => void;
  readonly note: (line: string) => void;
}

const outcomeSchema = z.object({ usable: z.boolean() });

/** Existing pairs count. Throws UsageError when they were made in another environment. */
export async function runPairs(host: CampaignHost, options: PairOptions): Promise<Pair[]> {
  const { context, settings, folder, pairs, note } = options;
  const labelOf = (number: number, version: Version) => `pair-${String(number).padStart(2, '0')}-${version}`;
  const { cutShort } = await runCampaign<number, z.infer<typeof outcomeSchema>>(host, {
    jobs: Array.from({ length: pairs }, (_, index) => index + 1),
    idOf: String,
    workers: 1,
    seed: settings.seed,
    folder,
    log: new OutcomeLog(folder, outcomeSchema, ({ usable }) => usable),
    resume: options.command,
    stackStarted: options.stackStarted,
    run: async (number, worker) => {
      const plan = repeatedCell(context, settings, number);
      // Both, even when one exists already: they must run right after each other.
      const order = number % 2 === 1 ? versions : versions.toReversed();
      for (const version of order)
        await rm(join(folder, labelOf(number, version)), { recursive: true, force: true });
      let usable = true;
      for (const version of order) {
        options.starting(plan, number, version);
        const where = { folder, label: labelOf(number, version), command: options.command };
        const more = version === 'before' ? { targetFolder: options.beforeFolder } : {};
        const cell = await runAlone(host, worker, plan, where, more);
        if (cell === undefined) return undefined;
        usable &&= cell.harnessError === null;
      }
      if (!usable) note(`Pair ${number} does not count: the harness failed in one of its runs`);
      return { usable };
    },
  });
  if (cutShort !== null) throw cutShort;
  const made: Record<Version, OneCellRun>[] = [];
  for (let number = 1; number <= pairs; number += 1) {
    const before = await readAlone(join(folder, labelOf(number, 'before')));
    const after = await readAlone(join(folder, labelOf(number, 'after')));
    if (before !== null && after !== null) made.push({ before, after });
  }
  refuseElsewhere(
    'the pairs of this comparison',
    made.flatMap(({ before, after }) => [before.report, after.report]),
  );
  return made.map(({ before, after }) => ({ before: before.cell, after: after.cell }));
}
