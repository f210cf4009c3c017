/** Shrinks a failure by running candidates on a stack, and writes what is left as an experiment that fails by itself. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, HarnessError, RedcliffError, UsageError } from '../errors.ts';
import { type Candidate, describeCandidate, experimentOfCandidate, wholeOf } from './candidate.ts';
import { type ExperimentFile, parseExperimentFile } from './experiment-file.ts';
import { type Judgement, shrink, type ShrinkStage } from './shrink.ts';
import type { Answer, ShrinkLog } from './shrink-log.ts';
import { allFelt, explain, seenIn, type Symptom, symptomText } from './symptom.ts';
import type { TestStand } from './test-stand.ts';

export interface ShrinkOptions {
  readonly log: ShrinkLog;
  readonly stand: TestStand;
  /** Folder of the shrinking; what did not fail leaves nothing in it. */
  readonly folder: string;
  /** Runs of candidates in all, those of earlier sittings included, before the search ends with the best so far. */
  readonly maxRuns: number;
  note(line: string): void;
}

export interface Shrunk {
  readonly experiment: ExperimentFile;
  /** In how many of `runs` runs, made after the search, the written experiment failed. */
  readonly failed: number;
  readonly runs: number;
  /** Whether the search was ended by `maxRuns`. */
  readonly cutShort: boolean;
}

/** Of the candidates that failed, the smallest few are run again, until one fails again. */
const confirmationsAtMost = 3;

class RunsSpent extends Error {}

/** Resolves to null when the whole does not fail here. Throws InterruptedError and HarnessError; the log can then be taken up. */
export async function shrinkFailure(options: ShrinkOptions): Promise<Shrunk | null> {
  const { log } = options;
  const { original } = log.start;
  let cutShort = false;
  try {
    const found = await shrink(original, (candidate, stage) => judge(options, candidate, stage));
    if (found === null) return null;
  } catch (error) {
    if (!(error instanceof RunsSpent)) throw error;
    cutShort = true;
    options.note(`${options.maxRuns} runs are spent: the search ends with the smallest that failed so far`);
  }
  return confirm(options, cutShort);
}

async function judge(options: ShrinkOptions, candidate: Candidate, stage: ShrinkStage): Promise<Judgement> {
  const { log, note } = options;
  const known = log.find(candidate, stage);
  if (known !== undefined) return known;
  const { original } = log.start;
  const number = log.answers().length + 1;
  const answer =
    refusal(original, candidate, stage) ?? (await runCandidate(options, candidate, stage, number));
  await log.add(answer);
  const outcome = `${answer.fails ? 'fails' : 'does not fail'}, seen in ${answer.violated} of ${answer.runs} runs`;
  note(`[${number}, ${stage}] ${outcome}: ${describeCandidate(original, candidate)}`);
  return answer;
}

/** A candidate whose faults would now fight each other is none. */
function refusal(original: ExperimentFile, candidate: Candidate, stage: ShrinkStage): Answer | null {
  if (JSON.stringify(candidate) === JSON.stringify(wholeOf(original))) return null;
  try {
    parseExperimentFile(JSON.stringify(experimentOfCandidate(original, candidate)), 'candidate');
    return null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const nothing = { fails: false, felt: false, runs: 0, violated: 0 };
    return { stage, candidate, ...nothing, explanation: error.message };
  }
}

/**
 * How many of up to `repeats` runs must show the symptom. While faults are taken away, as many as the user asked for; a smaller size
 * must show it as often as it was seen before, or the search would end at the very size where it begins to show by chance.
 */
function neededIn(stage: ShrinkStage, { start, answers }: ShrinkLog): number {
  if (stage === 'faults') return start.needed;
  if (stage === 'how often') return start.repeats;
  const seen = answers().find((answer) => answer.stage === 'how often')?.violated ?? 0;
  return Math.max(start.needed, seen);
}

/** Run until as many runs as are needed have shown the symptom, or no longer can. */
async function runCandidate(
  { log, stand, folder, maxRuns }: ShrinkOptions,
  candidate: Candidate,
  stage: ShrinkStage,
  number: number,
): Promise<Answer> {
  const { original, repeats, symptom } = log.start;
  const needed = neededIn(stage, log);
  const spent = log.answers().reduce((sum, { runs }) => sum + runs, 0);
  const experiment = experimentOfCandidate(original, candidate);
  let [runs, violated, unheard, felt, explanation] = [0, 0, 0, false, 'not run'];
  while (runs < repeats) {
    const decided = violated >= needed || violated + repeats - runs < needed;
    if (decided && stage !== 'how often') break;
    if (spent + runs >= maxRuns) throw new RunsSpent();
    runs += 1;
    const label = `candidate-${number}-run-${runs}`;
    const cell = await stand.run(experiment, label);
    explanation = explain(cell, symptom);
    if (cell.harnessError !== null) unheard += 1;
    if (seenIn(cell, symptom) === 'violated') {
      violated += 1;
      felt ||= allFelt(cell);
    } else await rm(join(folder, label), { recursive: true, force: true });
  }
  if (number === 1 && unheard === runs && runs > 0) {
    throw new HarnessError(`the failure could not be run: ${explanation}`, 'run redcliff doctor');
  }
  return { stage, candidate, fails: violated >= needed, felt, runs, violated, explanation };
}

/** A candidate may have failed by a rare chance. So the smallest is run again, and when it never fails, the next smallest. */
async function confirm({ log, stand, note }: ShrinkOptions, cutShort: boolean): Promise<Shrunk> {
  const { original, repeats, symptom } = log.start;
  const failing = log.answers().filter(({ fails }) => fails);
  const felt = failing.filter((answer) => answer.felt);
  const smallestFirst = (felt.length > 0 ? felt : failing).toReversed().slice(0, confirmationsAtMost);
  let last: Shrunk | null = null;
  for (const [index, { candidate }] of smallestFirst.entries()) {
    const experiment = written(original, candidate, symptom);
    let failed = 0;
    for (let run = 1; run <= repeats; run += 1) {
      const cell = await stand.run(experiment, `confirmation-${index + 1}-run-${run}`);
      if (seenIn(cell, symptom) === 'violated') failed += 1;
    }
    note(`confirmed in ${failed} of ${repeats} runs: ${describeCandidate(original, candidate)}`);
    last = { experiment, failed, runs: repeats, cutShort };
    if (failed > 0) return last;
  }
  if (last === null) throw new RunsSpentTooSoon();
  return last;
}

class RunsSpentTooSoon extends RedcliffError {
  override readonly name = 'RunsSpentTooSoon';
  readonly code = 'runs_spent';
  readonly exitStatus = exitCodes.unknown;

  constructor() {
    super(
      'the runs were spent before anything had failed',
      'allow more with --max-runs, and take it up with --resume',
    );
  }
}

/** As it is committed: once mended, nothing in it must fail for another reason than the one it is about. */
function written(original: ExperimentFile, candidate: Candidate, symptom: Symptom): ExperimentFile {
  const experiment = experimentOfCandidate(original, candidate);
  const faults = [...new Set(experiment.timeline.map(({ fault }) => fault))];
  const under = faults.length === 0 ? 'without any fault' : `under ${faults.join(' and ')}`;
  // So little load is left that the share of what was refused in the outage says nothing any more.
  const aboutShare = symptom.kind === 'threshold' && symptom.name === 'redcliff_unavailable';
  return {
    ...experiment,
    title: `${symptomText(symptom)} is violated in ${experiment.scenario} ${under}`,
    // A name of its own, so that it is not compared with the recorded run of the outage.
    outage: `shrunk-${faults.join('-') || 'none'}`.slice(0, 40),
    unavailableShareMax: aboutShare ? experiment.unavailableShareMax : 1,
  };
}
