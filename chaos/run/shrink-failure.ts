/**
 * Shrinks a failure by running candidates, and writes the result as a plan that fails by itself. Every answer is saved at once: the search is the
 * same for the same answers, so an interrupted search can be continued from them.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exitCodes, HarnessError, RedcliffError, UsageError } from '../errors.ts';
import type { Cell } from '../../reports/record/report.ts';
import { runAlone } from './alone.ts';
import { type CampaignHost, type CampaignKind, OutcomeLog, type Worker } from './campaign.ts';
import type { CellPlan, PlanningContext } from './plan.ts';
import { parsePlanFile, type PlanFile, planFileSchema, planOf } from './plan-file.ts';
import {
  type Candidate,
  candidateSchema,
  describeCandidate,
  type Judgement,
  planOfCandidate,
  shrink,
  type ShrinkStage,
  shrinkStages,
  wholeOf,
} from './shrink.ts';
import { allObserved, explain, seenIn, symptomSchema, symptomText, type Symptom } from './symptom.ts';

const settingsSchema = z.strictObject({
  original: planFileSchema,
  symptom: symptomSchema,
  /** A candidate with fewer faults fails when `needed` of up to `repeats` runs show the symptom. */
  repeats: z.int().positive(),
  needed: z.int().positive(),
});
export type ShrinkSettings = z.infer<typeof settingsSchema>;

export const shrinkCampaign: CampaignKind<ShrinkSettings> = {
  what: 'shrinking',
  command: 'redcliff reproduce --shrink',
  settings: settingsSchema,
};

const answerSchema = z.object({
  stage: z.enum(shrinkStages),
  candidate: candidateSchema,
  fails: z.boolean(),
  observed: z.boolean(),
  runs: z.int().nonnegative(),
  violated: z.int().nonnegative(),
  /** What was seen, or why it was not run. */
  explanation: z.string(),
});
type Answer = z.infer<typeof answerSchema>;

export interface ShrinkOptions {
  readonly settings: ShrinkSettings;
  readonly context: PlanningContext;
  /** What did not fail leaves nothing in it. */
  readonly folder: string;
  /** Runs the plan into `folder`/`label`. Rejects when the campaign had to end. */
  readonly run: (plan: CellPlan, label: string) => Promise<Cell>;
  /** Runs of candidates in all, those of earlier parts included, before the search ends with the best so far. */
  readonly maxRuns: number;
  note(line: string): void;
}

export interface Shrunk {
  readonly plan: PlanFile;
  /** In how many of `runs` runs, made after the search, the written plan failed. */
  readonly failed: number;
  readonly runs: number;
  /** Whether the search was ended by `maxRuns`. */
  readonly cutShort: boolean;
}

/** Of the candidates that failed, the smallest few are run again, until one fails again. */
const confirmationsAtMost = 3;

class RunsSpent extends Error {}

/** Resolves to null when the whole does not fail here. Rejects when the campaign had to end; it can then be taken up. */
export async function shrinkFailure(options: ShrinkOptions): Promise<Shrunk | null> {
  const log = new OutcomeLog(options.folder, answerSchema);
  const search = new Search(options, log, [...(await log.read()).values()]);
  return await search.run();
}

/** For `ShrinkOptions.run`: on the stack of the worker. */
export function runsOnStack(
  host: CampaignHost,
  worker: Worker,
  where: { readonly folder: string; readonly command: string },
): ShrinkOptions['run'] {
  return async (plan, label) => {
    const cell = await runAlone(host, worker, plan, { ...where, label });
    if (cell !== undefined) return cell;
    throw host.signal.aborted
      ? host.signal.reason
      : new HarnessError('a part of the stack ended by itself', 'run redcliff doctor');
  };
}

class Search {
  readonly #options: ShrinkOptions;
  readonly #log: OutcomeLog<Answer>;
  readonly #answers: Answer[];
  readonly #serving: readonly string[];
  #confirmingRuns = 0;

  constructor(options: ShrinkOptions, log: OutcomeLog<Answer>, answers: Answer[]) {
    this.#options = options;
    this.#log = log;
    this.#answers = answers;
    this.#serving = Object.entries(options.context.target.processes)
      .filter(([, role]) => role.port !== undefined)
      .map(([name]) => name);
  }

  async run(): Promise<Shrunk | null> {
    const { settings, maxRuns, note } = this.#options;
    let cutShort = false;
    try {
      const found = await shrink(settings.original, this.#serving, (candidate, stage) =>
        this.#judge(candidate, stage),
      );
      if (found === null) return null;
    } catch (error) {
      if (!(error instanceof RunsSpent)) throw error;
      cutShort = true;
      note(
        `${this.#searchRuns()} of ${maxRuns} runs are used: the search ends with the smallest plan so far`,
      );
    }
    return this.#confirm(cutShort);
  }

  async #judge(candidate: Candidate, stage: ShrinkStage): Promise<Judgement> {
    const { settings, note } = this.#options;
    const key = keyOf(candidate, stage);
    const known = this.#answers.find((answer) => keyOf(answer.candidate, answer.stage) === key);
    if (known !== undefined) return known;
    const number = this.#answers.length + 1;
    const answer = this.#refusal(candidate, stage) ?? (await this.#runCandidate(candidate, stage, number));
    this.#answers.push(answer);
    await this.#log.add(key, answer);
    const outcome = `${answer.fails ? 'fails' : 'does not fail'}, violated in ${answer.violated} of ${answer.runs} runs`;
    note(`[${number}, ${stage}] ${outcome}: ${describeCandidate(settings.original, candidate)}`);
    return answer;
  }

  /** A candidate whose faults would conflict is not tried. */
  #refusal(candidate: Candidate, stage: ShrinkStage): Answer | null {
    const { settings, context } = this.#options;
    const { original } = settings;
    if (JSON.stringify(candidate) === JSON.stringify(wholeOf(original, this.#serving))) return null;
    try {
      parsePlanFile(JSON.stringify(planOfCandidate(original, candidate)), 'candidate', context);
      return null;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const nothing = { fails: false, observed: false, runs: 0, violated: 0 };
      return { stage, candidate, ...nothing, explanation: error.message };
    }
  }

  /**
   * How many of up to `repeats` runs must show the symptom. While faults are taken away, as many as the user asked for; a smaller size
   * must show it as often as it was seen before, or the search would end at the very size where it begins to show by chance.
   */
  #neededIn(stage: ShrinkStage): number {
    const { needed, repeats } = this.#options.settings;
    if (stage === 'faults') return needed;
    if (stage === 'how often') return repeats;
    const seen = this.#answers.find((answer) => answer.stage === 'how often')?.violated ?? 0;
    return Math.max(needed, seen);
  }

  /** Run until as many runs as are needed have shown the symptom, or no longer can. */
  async #runCandidate(candidate: Candidate, stage: ShrinkStage, number: number): Promise<Answer> {
    const { settings, folder } = this.#options;
    const { original, repeats, symptom } = settings;
    const needed = this.#neededIn(stage);
    const spent = this.#answers.reduce((sum, { runs }) => sum + runs, 0);
    const plan = planOfCandidate(original, candidate);
    let [runs, violated, failures, observed, explanation] = [0, 0, 0, false, 'not run'];
    while (runs < repeats) {
      const decided = violated >= needed || violated + repeats - runs < needed;
      if (decided && stage !== 'how often') break;
      if (spent + runs >= this.#searchRuns()) throw new RunsSpent();
      runs += 1;
      const label = `candidate-${number}-run-${runs}`;
      const cell = await this.#run(plan, label);
      explanation = explain(cell, symptom);
      if (cell.harnessError !== null) failures += 1;
      if (seenIn(cell, symptom) === 'violated') {
        violated += 1;
        observed ||= allObserved(cell);
      } else await rm(join(folder, label), { recursive: true, force: true });
    }
    if (number === 1 && failures === runs && runs > 0) {
      throw new HarnessError(`the failure could not be run: ${explanation}`, 'run redcliff doctor');
    }
    return { stage, candidate, fails: violated >= needed, observed, runs, violated, explanation };
  }

  /** Some of the runs are kept to confirm what was found. */
  #searchRuns(): number {
    const { maxRuns, settings } = this.#options;
    return Math.max(1, maxRuns - settings.repeats);
  }

  /** A candidate may have failed by a rare chance. So the smallest is run again, and when it never fails, the next smallest. */
  async #confirm(cutShort: boolean): Promise<Shrunk> {
    const { settings, note, maxRuns } = this.#options;
    const { original, repeats, symptom } = settings;
    const failing = this.#answers.filter(({ fails }) => fails);
    const observed = failing.filter((answer) => answer.observed);
    const smallestFirst = (observed.length > 0 ? observed : failing)
      .toReversed()
      .slice(0, confirmationsAtMost);
    let last: Shrunk | null = null;
    for (const [index, { candidate }] of smallestFirst.entries()) {
      const plan = written(original, candidate, symptom);
      let failed = 0;
      // A limit on runs is one on these as well; without a run left, the plan is written unconfirmed.
      const left = maxRuns - this.#answers.reduce((sum, { runs }) => sum + runs, 0) - this.#confirmingRuns;
      const runs = cutShort ? Math.max(0, Math.min(repeats, left)) : repeats;
      for (let run = 1; run <= runs; run += 1) {
        this.#confirmingRuns += 1;
        const cell = await this.#run(plan, `confirmation-${index + 1}-run-${run}`);
        if (seenIn(cell, symptom) === 'violated') failed += 1;
      }
      note(`confirmed in ${failed} of ${runs} runs: ${describeCandidate(original, candidate)}`);
      last = { plan, failed, runs, cutShort };
      if (failed > 0 || runs === 0) return last;
    }
    if (last === null) throw new RunsSpentTooSoon();
    return last;
  }

  #run(plan: PlanFile, label: string): Promise<Cell> {
    const { context, run } = this.#options;
    return run(planOf(context, plan), label);
  }
}

function keyOf(candidate: Candidate, stage: ShrinkStage): string {
  return `${stage === 'how often'} ${JSON.stringify(candidate)}`;
}

class RunsSpentTooSoon extends RedcliffError {
  override readonly name = 'RunsSpentTooSoon';
  readonly code = 'runs_spent';
  readonly exitStatus = exitCodes.unknown;

  constructor() {
    super(
      'all runs were used before anything had failed',
      'allow more with --max-runs, and continue it with --resume',
    );
  }
}

/** The plan to commit: once the bug is fixed, it must not fail for another reason. */
function written(original: PlanFile, candidate: Candidate, symptom: Symptom): PlanFile {
  const plan = planOfCandidate(original, candidate);
  const faults = [...new Set(plan.timeline.map(({ fault }) => fault))];
  const under = faults.length === 0 ? 'without any fault' : `under ${faults.join(' and ')}`;
  // With so little load the error rate means nothing.
  const aboutErrors = symptom.kind === 'threshold' && symptom.name === 'redcliff_unavailable';
  return {
    ...plan,
    title: `${symptomText(symptom)} is violated in ${plan.scenario} ${under}`,
    // A name of its own, so that it is not compared with the baseline of the fault.
    label: `shrunk-${faults.join('-') || 'none'}`.slice(0, 40),
    maxErrorRate: aboutErrors ? plan.maxErrorRate : 1,
  };
}
