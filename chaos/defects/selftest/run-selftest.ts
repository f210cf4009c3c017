/**
 * Plants the defects one after the other, each in the cell that claims to catch it, in lanes with a stack each, and says of each what came of
 * it. Outcomes are kept as they come, so that a selftest that was cut short can be taken up again.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from '../../../reports/checkers/judge.ts';
import { checkers } from '../../../reports/checkers/registry.ts';
import { readHistory } from '../../../reports/history/read-history.ts';
import { readEvidence } from '../../../reports/record/read-report.ts';
import type { Cell } from '../../../reports/record/report.ts';
import type { Clock } from '../../clock.ts';
import { evidenceFileName, historyFileName, makeCellFolder } from '../../experiment/cell-folder.ts';
import type { CellPlan } from '../../experiment/cell-plan.ts';
import { failedCell } from '../../experiment/failed-cell.ts';
import { Lanes, takeUp } from '../../experiment/lanes.ts';
import { OutcomeLog } from '../../experiment/outcome-log.ts';
import { type RunContext, silentProgress } from '../../experiment/run-context.ts';
import { runExperiment } from '../../experiment/run-experiment.ts';
import type { Warden } from '../../process/warden.ts';
import type { Stack, StackProvider } from '../../stack/contract.ts';
import type { Defect } from '../defect.ts';
import { planDefectCell } from '../defect-cell.ts';
import { judgeClean, judgeDefect, outcomeSchema, type DefectOutcome } from './outcome.ts';

export interface SelftestOptions {
  readonly provider: StackProvider;
  readonly defects: readonly Defect[];
  readonly seed: string;
  /** Cells that are run at once. */
  readonly lanes: number;
  /** Cells that a defect may have, each with another seed, until one of them catches it; without the defects it is one. */
  readonly tries: number;
  /** Folder of this selftest, made by the caller. */
  readonly folder: string;
  readonly clock: Clock;
  readonly warden: Warden;
  readonly signal: AbortSignal;
  /** Invariants whose checker is taken away, to see that it is missed. */
  readonly withoutCheckers: readonly string[];
  /** Runs the cells without the defects: then nothing may be accused. */
  readonly clean: boolean;
  readonly progress: SelftestProgress;
}

export interface SelftestProgress {
  stackStarted(stack: Stack): void;
  /** It gets another try. */
  missedOnce(outcome: DefectOutcome): void;
  defectEnded(outcome: DefectOutcome, index: number, total: number): void;
}

/** Throws InterruptedError when it is interrupted, HarnessError when the stack ends by itself. */
export async function runSelftest(options: SelftestOptions): Promise<DefectOutcome[]> {
  const log = new OutcomeLog(options.folder, outcomeSchema);
  // A cell that failed is run again.
  const usable = (await log.read()).filter(({ result }) => result !== 'failed');
  const known = new Map(usable.map((outcome) => [outcome.defect, outcome]));
  const missing = options.defects.filter(({ name }) => !known.has(name));
  if (missing.length > 0) await runMissing(options, missing, known, log);
  return options.defects.flatMap(({ name }) => known.get(name) ?? []);
}

async function runMissing(
  options: SelftestOptions,
  missing: readonly Defect[],
  known: Map<string, DefectOutcome>,
  log: OutcomeLog<DefectOutcome>,
): Promise<void> {
  const { progress, folder } = options;
  await using lanes = await Lanes.open(options, Math.min(options.lanes, missing.length));
  progress.stackStarted(lanes.first);
  let ended = 0;
  await lanes.work(missing, (stack) => async (defect) => {
    const outcome = await runDefect(options, stack, defect, lanes);
    if (outcome === null) return;
    known.set(defect.name, outcome);
    await log.add(outcome);
    progress.defectEnded(outcome, ended, missing.length);
    ended += 1;
  });
  const cutShort = lanes.whyCutShort({ work: 'the selftest', remedies: takeUp('selftest', folder) });
  if (cutShort !== null) throw cutShort;
}

/** Null when the work had to end before there was an outcome. */
async function runDefect(
  options: SelftestOptions,
  stack: Stack,
  defect: Defect,
  lanes: Lanes,
): Promise<DefectOutcome | null> {
  for (let tries = 1; ; tries += 1) {
    const seed = tries === 1 ? options.seed : `${options.seed}-${tries}`;
    const cell = await runCell(options, stack, defect, seed);
    if (!lanes.goOn) return null;
    if (options.clean) return judgeClean(defect, cell);
    const outcome = judgeDefect(defect, cell, tries);
    if (outcome.result !== 'missed' || tries >= options.tries) return outcome;
    options.progress.missedOnce(outcome);
  }
}

async function runCell(options: SelftestOptions, stack: Stack, defect: Defect, seed: string): Promise<Cell> {
  const { clock, signal, warden, lanes } = options;
  const plan = planDefectCell(defect, seed);
  const runFolder = join(options.folder, defect.name, seed);
  await mkdir(runFolder, { recursive: true });
  const folder = await makeCellFolder(runFolder, defect.scenario, defect.outage);
  const planted = options.clean ? null : defect.name;
  const run: RunContext = {
    runFolder,
    stack,
    warden,
    clock,
    signal,
    lanes,
    progress: silentProgress,
    k6: null,
    defect: planted,
  };
  const startedMs = clock.nowMs();
  try {
    const cell = await runExperiment(run, plan, folder);
    return await withoutCheckers(cell, plan, folder, options.withoutCheckers);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failedCell(plan, reason, { startedMs, endedMs: clock.nowMs() }, folder);
  }
}

/** The same cell, judged again from what was stored, by the checkers that are left. */
async function withoutCheckers(
  cell: Cell,
  plan: CellPlan,
  folder: string,
  removed: readonly string[],
): Promise<Cell> {
  if (removed.length === 0) return cell;
  const left = checkers.filter(({ invariant }) => !removed.includes(invariant));
  const history = await readHistory(join(folder, historyFileName));
  const evidence = await readEvidence(join(folder, evidenceFileName));
  return { ...cell, verdicts: judge(history.operations, evidence, plan.experiment.invariants, left) };
}
