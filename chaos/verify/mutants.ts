/** Plants the mutants one after the other, each in the cell that claims to catch it, and records whether it was caught. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { judge } from '../../reports/checkers/judge.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import type { Cell } from '../../reports/record/report.ts';
import { table } from '../../reports/render/table.ts';
import type { Mutant } from '../api/mutant.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { type CampaignHost, type CampaignOptions, OutcomeLog, runCampaign } from '../run/campaign.ts';
import { historyFileName, readEvidence } from '../run/cell-folder.ts';
import { type CellPlan, planCell, type PlanningContext, scenarioNamed } from '../run/plan.ts';
import { noFault, type Scenario } from '../api/scenario.ts';
import { invocation } from '../setup/own-files.mjs';
import { invariantsOf } from '../target/invariants.ts';

/** Long enough for a baseline, a fault and a recovery, and short enough for dozens of cells in a few minutes. */
const durationMsDefault = 5_000;
const recoveryClaim = 'recovery';

/** The cell that claims to catch the mutant, also under faults that the scenario's suite does not have. Throws UsageError when there is none. */
export function planMutantCell(context: PlanningContext, mutant: Mutant, seed: string): CellPlan {
  const source = `mutant "${mutant.name}", scenario`;
  const own = scenarioNamed(context, mutant.scenario, source);
  if (mutant.fault !== noFault && !context.faults.has(mutant.fault)) {
    throw new UsageError(
      `mutant "${mutant.name}", fault: "${mutant.fault}" does not exist`,
      `faults: ${[...context.faults.keys()].join(', ')}`,
    );
  }
  const { variant = {} } = mutant;
  const durationMs = variant.durationMs ?? durationMsDefault;
  const scenario = varied(context, own, mutant);
  const plan = planCell(context, scenario, mutant.fault, { seed, durationMs, mutant: mutant.name });
  const timeline = plan.timeline.map((planned) => ({
    ...planned,
    ...variant.window,
    parameters: { ...planned.parameters, ...variant.parameters },
  }));
  return { ...plan, timeline };
}

function varied({ target }: PlanningContext, scenario: Scenario, mutant: Mutant): Scenario {
  const { variant = {}, breaks } = mutant;
  const { load } = scenario;
  const ratePerSecond = variant.ratePerSecond ?? load.ratePerSecond;
  const known = invariantsOf(target);
  const claimed = breaks.flatMap((name) => known.get(name) ?? []);
  return {
    ...scenario,
    world: { ...scenario.world, ...variant.world },
    processes: { ...scenario.processes, ...variant.processes },
    load: {
      ...load,
      ratePerSecond,
      maxVus: variant.maxVus ?? Math.ceil((load.maxVus * ratePerSecond) / load.ratePerSecond),
    },
    settings: { ...scenario.settings, ...variant.settings },
    invariants: [...new Set([...scenario.invariants, ...claimed])],
  };
}

export const mutantOutcomeSchema = z.object({
  mutant: z.string(),
  scenario: z.string(),
  fault: z.string(),
  claimed: z.array(z.string()),
  /**
   * `caught`: every invariant claimed was found violated, with a witness; `missed`: one was not. Without the mutant: `held`, `accused` when
   * anything was found violated, else `undecided` when anything was unknown. `failed`: the harness did not get through the cell.
   */
  result: z.enum(['accused', 'caught', 'failed', 'held', 'missed', 'undecided']),
  /** Cells that ran until it was caught, or given up. */
  tries: z.int().positive(),
  /** From the start of the load to the verdict; null unless caught. */
  detectionMs: z.number().nullable(),
  /** What the witness says, or why there is none. */
  summary: z.string(),
});
export type MutantOutcome = z.infer<typeof mutantOutcomeSchema>;

export interface MutantOptions extends Pick<
  CampaignOptions<Mutant, MutantOutcome>,
  'ended' | 'folder' | 'seed' | 'stackStarted' | 'workers'
> {
  readonly context: PlanningContext;
  readonly mutants: readonly Mutant[];
  /** Cells that a mutant may have, each with another seed, until one of them catches it; without the mutants it is one. */
  readonly tries: number;
  /** Invariants whose checker is taken away, to see that it is missed. */
  readonly withoutCheckers: readonly string[];
  /** Runs the cells without the mutants: then nothing may be accused. */
  readonly clean: boolean;
  /** It gets another try. */
  readonly missedOnce: (outcome: MutantOutcome) => void;
}

export async function runMutants(host: CampaignHost, options: MutantOptions) {
  const { context, mutants, folder, clean, tries } = options;
  return await runCampaign<Mutant, MutantOutcome>(host, {
    ...options,
    jobs: mutants,
    idOf: ({ name }) => name,
    log: new OutcomeLog(folder, mutantOutcomeSchema, ({ result }) => result !== 'failed'),
    resume: `${invocation} verify mutants --resume ${folder}`,
    run: async (mutant, worker) => {
      for (let number = 1; ; number += 1) {
        const seed = number === 1 ? options.seed : `${options.seed}-${number}`;
        const plan = planMutantCell(context, mutant, seed);
        const runFolder = join(folder, mutant.name, seed);
        await mkdir(runFolder, { recursive: true });
        const ran = await worker.cell(clean ? { ...plan, mutant: null } : plan, runFolder);
        if (!worker.goOn()) return undefined;
        const cell = await withoutCheckers(ran, plan, runFolder, options.withoutCheckers);
        if (clean) return judgeClean(mutant, cell);
        const outcome = judgeMutant(mutant, cell, number);
        if (outcome.result !== 'missed' || number >= tries) return outcome;
        options.missedOnce(outcome);
      }
    },
  });
}

/** The same cell, judged again from what was stored, by the checkers that are left. */
async function withoutCheckers(
  cell: Cell,
  { scenario }: CellPlan,
  runFolder: string,
  removed: readonly string[],
): Promise<Cell> {
  if (removed.length === 0 || cell.harnessError !== null) return cell;
  const left = scenario.invariants.filter(({ invariant }) => !removed.includes(invariant));
  const folder = join(runFolder, cell.folder);
  const history = await readHistory(join(folder, historyFileName));
  return { ...cell, verdicts: judge(history.operations, await readEvidence(folder), left, history) };
}

/** `tries`: how many cells ran for it, this one included. */
export function judgeMutant(mutant: Mutant, cell: Cell, tries = 1): MutantOutcome {
  const { name, scenario, fault, breaks } = mutant;
  const common = { mutant: name, scenario, fault, claimed: [...breaks], tries };
  if (cell.harnessError !== null) {
    return { ...common, result: 'failed', detectionMs: null, summary: cell.harnessError };
  }
  // Nothing is claimed of a mutant that is not judged, so anything that is found counts.
  const claims = breaks.length > 0 ? breaks : violatedIn(cell);
  const witnesses = claims.map((claim) => witnessOf(cell, claim));
  const missed = claims.filter((_claim, index) => witnesses[index] === undefined);
  if (missed.length > 0 || claims.length === 0) {
    const reasons = missed.map((claim) => `${claim}: ${reasonOf(cell, claim)}`);
    const summary =
      claims.length === 0 ? `not judged: ${mutant.notJudged ?? 'no reason given'}` : reasons.join('; ');
    return { ...common, result: 'missed', detectionMs: null, summary };
  }
  return {
    ...common,
    result: 'caught',
    detectionMs: cell.endedMs - cell.loadStartMs,
    summary: witnesses.join('; '),
  };
}

function violatedIn({ verdicts, thresholds }: Cell): readonly string[] {
  const invariants = verdicts.filter(({ verdict }) => verdict === 'false').map(({ invariant }) => invariant);
  return [
    ...invariants,
    ...thresholds.filter(({ verdict }) => verdict === 'false').map(({ metric }) => metric),
  ];
}

/** What shows that the claim is true: the first witness of the invariant, or the threshold that was crossed. */
function witnessOf(cell: Cell, claim: string): string | undefined {
  const verdict = cell.verdicts.find(({ invariant }) => invariant === claim);
  if (verdict?.verdict === 'false') return verdict.witnesses[0]?.summary;
  const threshold = cell.thresholds.find(({ metric }) => metric === claim);
  if (threshold?.verdict !== 'false') return undefined;
  if (claim !== recoveryClaim) return `${threshold.metric} ${threshold.expression} was not met`;
  const took = cell.recoveryMs === null ? 'it never came' : `it took ${Math.round(cell.recoveryMs)} ms`;
  return `${threshold.metric} ${threshold.expression} was not met: ${took} (${String(cell.config['rest'])})`;
}

function reasonOf(cell: Cell, claim: string): string {
  const verdict = cell.verdicts.find(({ invariant }) => invariant === claim);
  if (verdict !== undefined) return `${verdict.verdict}, ${verdict.reason}`;
  const threshold = cell.thresholds.find(({ metric }) => metric === claim);
  if (threshold === undefined) return 'not judged';
  return threshold.verdict === 'true'
    ? 'the threshold held'
    : `unknown, ${threshold.reason ?? 'no reason given'}`;
}

/** Without the mutant every invariant of its cell must hold. */
export function judgeClean(mutant: Mutant, cell: Cell): MutantOutcome {
  const { name, scenario, fault } = mutant;
  const wrong = cell.verdicts.filter(({ verdict }) => verdict !== 'true');
  const accused = wrong.some(({ verdict }) => verdict === 'false');
  const held = wrong.length === 0 ? 'held' : accused ? 'accused' : 'undecided';
  return {
    mutant: name,
    scenario,
    fault,
    claimed: cell.verdicts.map(({ invariant }) => invariant),
    tries: 1,
    result: cell.harnessError === null ? held : 'failed',
    detectionMs: null,
    summary: cell.harnessError ?? wrong.map(({ invariant, reason }) => `${invariant}: ${reason}`).join('; '),
  };
}

/** 0 when every cell ended as it should, 1 when one did not, 70 when one could not run to its end, 2 when one was undecided. */
export function exitOfMutants(outcomes: readonly MutantOutcome[]): number {
  if (outcomes.some(({ result }) => result === 'missed' || result === 'accused')) return exitCodes.violated;
  if (outcomes.length === 0 || outcomes.some(({ result }) => result === 'failed')) return exitCodes.harness;
  return outcomes.some(({ result }) => result === 'undecided') ? exitCodes.unknown : exitCodes.held;
}

const summaryWidth = 120;

export function renderMutants(outcomes: readonly MutantOutcome[]): string {
  const rows = outcomes.map((outcome) => [
    outcome.mutant,
    `${outcome.scenario} × ${outcome.fault}`,
    outcome.claimed.join(' '),
    isAsItShould(outcome) ? outcome.result : outcome.result.toUpperCase(),
    String(outcome.tries),
    outcome.detectionMs === null ? '' : `${(outcome.detectionMs / 1_000).toFixed(1)} s`,
    shortened(outcome.summary),
  ]);
  const good = outcomes.filter(isAsItShould);
  const atOnce = good.filter(({ tries }) => tries === 1).length;
  const clean = outcomes.some(({ result }) => ['accused', 'held', 'undecided'].includes(result));
  const score = clean
    ? 'cells held without their mutant'
    : `mutants caught, ${atOnce} of them at the first try`;
  return [
    table(['mutant', 'scenario × fault', 'invariant', 'result', 'try', 'after', 'witness'], rows),
    '',
    `${good.length} of ${outcomes.length} ${score}`,
  ].join('\n');
}

function isAsItShould({ result }: MutantOutcome): boolean {
  return result === 'caught' || result === 'held';
}

/** In one line, whatever the reason was made of. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= summaryWidth ? line : `${line.slice(0, summaryWidth - 1)}…`;
}
