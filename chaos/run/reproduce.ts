/** Runs recorded cells again and counts in how many of the runs the same was violated. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import { exitCodes, InterruptedError, UsageError } from '../errors.ts';
import { type CampaignHost, type CellOtherwise, runCampaign } from './campaign.ts';
import type { CellProgress } from './cell-context.ts';
import { runAlone } from './alone.ts';
import type { PlanningContext } from './plan.ts';
import { planFileOfRecord, planOf } from './plan-file.ts';
import {
  explain,
  seenIn,
  type Sighting,
  sightings,
  symptomSchema,
  type Symptom,
  symptomsOf,
  symptomText,
} from './symptom.ts';

/** One cell to run again, and the symptom to find in it. */
export interface RecordedFailure {
  readonly cell: Cell;
  /** Empty when nothing was violated in it. */
  readonly symptoms: readonly Symptom[];
}

/** What a user means by REPORT: a run, its report, or one case of its junit.xml. Throws UsageError and what `readReport` throws. */
export async function openRecord(address: string): Promise<{ report: Report; caseName: string | null }> {
  const hash = address.indexOf('#');
  const path = hash < 0 ? address : address.slice(0, hash);
  const caseName = hash < 0 ? null : address.slice(hash + 1).trim();
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new UsageError(
      `REPORT "${path}" does not exist`,
      'give the folder of a run, its report.json, or junit.xml#CASE, for example reports/runs/latest',
    );
  }
  const file = found.isDirectory()
    ? join(path, 'report.json')
    : basename(path).endsWith('.xml')
      ? join(dirname(path), 'report.json')
      : path;
  if ((await stat(file).catch(() => null)) === null) {
    throw new UsageError(
      `REPORT "${path}" has no report.json beside it`,
      'the record of a run is its report.json: keep the folder of the run together',
    );
  }
  return { report: await readReport(file), caseName };
}

/**
 * The cells to run again: the one named, or all in which something was violated. `caseName` is the name of a case in junit.xml,
 * with or without its class. Throws UsageError when there is none, unless `alsoHeld` allows a cell in which all was well.
 */
export function chooseFailures(
  report: Report,
  choice: { readonly caseName: string | null; readonly cell: string | undefined; readonly alsoHeld: boolean },
): RecordedFailure[] {
  const cells = choice.cell === undefined ? report.cells : [cellNamed(report, choice.cell)];
  const { caseName } = choice;
  const failures = cells.map((cell) => ({
    cell,
    symptoms: symptomsOf(cell).filter((symptom) => caseName === null || isCase(cell, symptom, caseName)),
  }));
  const violated = failures.filter(({ symptoms }) => symptoms.length > 0);
  if (violated.length > 0) return violated;
  const failed = report.cells.flatMap((cell) =>
    symptomsOf(cell).map((symptom) => `${cell.scenario}.${cell.fault} ${symptomText(symptom)}`),
  );
  if (caseName !== null) {
    throw new UsageError(
      `REPORT: no failed case of the run is called "${caseName}"`,
      `failed cases: ${failed.join('; ') || 'none'}`,
    );
  }
  if (choice.alsoHeld) return failures;
  throw new UsageError(
    `nothing was violated in ${cells.map(cellName).join(', ')} of this run`,
    `violated: ${failed.join('; ') || 'nothing'}; repeat the run with: ${report.command}`,
  );
}

/** Such as `turns×redis-down`, however the two are separated. Throws UsageError. */
export function cellNamed(report: Report, asked: string): Cell {
  const plain = (name: string): string => name.replaceAll(/\s*[×/:.]\s*|\s+x\s+/g, '×').trim();
  const cell = report.cells.find((candidate) => plain(cellName(candidate)) === plain(asked));
  if (cell !== undefined) return cell;
  const names = report.cells.map(({ scenario, fault }) => `${scenario}×${fault}`).join(', ');
  throw new UsageError(`--cell "${asked}" is not in the report`, `cells: ${names || 'none'}`);
}

/** As junit.xml names it, with or without the class in front; the invariant alone is enough. */
function isCase(cell: Cell, symptom: Symptom, asked: string): boolean {
  const className = `${cell.scenario}.${cell.fault}`;
  return namesOf(cell, symptom).some((name) =>
    [name, `${className} ${name}`, `${className}.${name}`].includes(asked),
  );
}

function namesOf(cell: Cell, symptom: Symptom): string[] {
  const short = symptomText(symptom);
  if (symptom.kind === 'invariant') {
    const title = cell.verdicts.find(({ invariant }) => invariant === symptom.name)?.title ?? '';
    return [short, `${short} ${title}`];
  }
  const expressions = cell.thresholds.filter(({ metric }) => metric === symptom.name);
  return [short, ...expressions.map(({ expression }) => `${short} ${expression}`)];
}

export const repetitionSchema = z.object({
  scenario: z.string(),
  fault: z.string(),
  /** Counts from 1. */
  number: z.int().positive(),
  /** Of its own report, within that of the reproduction. */
  folder: z.string(),
  harnessError: z.string().nullable(),
  symptoms: z.array(
    z.object({
      symptom: symptomSchema,
      sighting: z.enum(sightings),
      explanation: z.string(),
    }),
  ),
});
export type Repetition = z.infer<typeof repetitionSchema>;

export interface ReproduceOptions {
  readonly context: PlanningContext;
  readonly failures: readonly RecordedFailure[];
  /** Of each cell. */
  readonly times: number;
  readonly seed: string;
  readonly folder: string;
  readonly command: string;
  readonly more: CellOtherwise;
  readonly stackStarted: Parameters<typeof runCampaign>[1]['stackStarted'];
  readonly progress: (failure: RecordedFailure, number: number) => CellProgress;
  readonly repeated: (repetition: Repetition) => void;
}

export async function reproduce(
  host: CampaignHost,
  options: ReproduceOptions,
): Promise<{ readonly repetitions: readonly Repetition[]; readonly cutShort: Error | null }> {
  const { context, failures, times, folder, command } = options;
  const jobs = failures.flatMap((failure) =>
    Array.from({ length: times }, (_, index) => ({ failure, number: index + 1 })),
  );
  const result = await runCampaign<(typeof jobs)[number], Repetition>(host, {
    jobs,
    idOf: ({ failure, number }) => `${cellName(failure.cell)} ${number}`,
    workers: 1,
    seed: options.seed,
    folder,
    resume: 'run it again',
    stackStarted: options.stackStarted,
    run: async ({ failure, number }, worker) => {
      const { scenario, fault } = failure.cell;
      const plan = planOf(context, planFileOfRecord(failure.cell, context));
      const label = `${scenario}-${fault}-run-${number}`;
      const more = { ...options.more, progress: options.progress(failure, number) };
      const cell = await runAlone(host, worker, plan, { folder, label, command }, more);
      if (cell === undefined) return undefined;
      const symptoms = failure.symptoms.map((symptom) => ({
        symptom,
        sighting: seenIn(cell, symptom),
        explanation: explain(cell, symptom),
      }));
      return { scenario, fault, number, folder: label, harnessError: cell.harnessError, symptoms };
    },
    ended: options.repeated,
  });
  return {
    repetitions: result.outcomes.filter((outcome) => outcome !== undefined),
    cutShort: result.cutShort,
  };
}

/**
 * 1 when a symptom was seen again at least once; otherwise 130 when it was interrupted, 70 when the harness failed in a run, 2 when a
 * run leaves it open, 0 when it was never seen.
 */
export function exitOfRepetitions(repetitions: readonly Repetition[], cutShort: Error | null): number {
  const seen = repetitions.flatMap(({ symptoms }) => symptoms.map(({ sighting }) => sighting));
  if (seen.includes('violated')) return exitCodes.violated;
  if (cutShort instanceof InterruptedError) return exitCodes.interrupted;
  if (cutShort !== null || repetitions.some(({ harnessError }) => harnessError !== null)) {
    return exitCodes.harness;
  }
  if (repetitions.length === 0 || seen.includes('unknown')) return exitCodes.unknown;
  return exitCodes.held;
}

const words: Readonly<Record<Sighting, string>> = {
  failed: 'undecided: the harness failed',
  held: 'held this time',
  unknown: 'unknown',
  violated: 'violated again',
};

/** One line for each symptom of a run. */
export function renderRepetition(repetition: Repetition, of: number): string {
  const head = `${cellName(repetition)}, run ${repetition.number} of ${of}:`;
  const { symptoms, harnessError } = repetition;
  if (symptoms.length === 0) return `${head} ${harnessError ?? 'run to its end'}`;
  return symptoms
    .map(({ symptom, sighting, explanation }) => {
      const why = explanation === '' || sighting === 'held' ? '' : `: ${explanation}`;
      return `${head} ${symptomText(symptom)} ${words[sighting]}${why}`;
    })
    .join('\n');
}

/** How often each symptom was seen, and how much it means when one was not. */
export function renderConclusion(repetitions: readonly Repetition[]): string {
  const counts = new Map<string, { runs: number; violated: number; open: number }>();
  for (const repetition of repetitions) {
    for (const { symptom, sighting } of repetition.symptoms) {
      const name = `${symptomText(symptom)} in ${cellName(repetition)}`;
      const { runs, violated, open } = counts.get(name) ?? { runs: 0, violated: 0, open: 0 };
      counts.set(name, {
        runs: runs + 1,
        violated: violated + (sighting === 'violated' ? 1 : 0),
        open: open + (sighting === 'unknown' || sighting === 'failed' ? 1 : 0),
      });
    }
  }
  const lines = [...counts].map(([name, { runs, violated, open }]) => {
    const undecided = open > 0 ? `, undecided in ${open}` : '';
    return `${name}: violated again in ${violated} of ${runs} runs${undecided}`;
  });
  const most = Math.max(0, ...[...counts.values()].map(({ runs }) => runs));
  const missed = [...counts.values()].some(({ violated }) => violated === 0);
  return [...lines, ...(missed && most > 0 ? [worthOfNever(most)] : []), whatASeedFixes].join('\n');
}

/** A violation that shows in half of all runs escapes n of them with a chance of 2⁻ⁿ. */
function worthOfNever(runs: number): string {
  return `Not seen does not mean fixed: a failure that shows in every second run escapes ${runs} runs with a chance of 1 in ${2 ** runs}; --times makes more runs.`;
}

const whatASeedFixes =
  'The seed fixes the world, what each client asks for and when, and when each fault comes. It does not fix how the processes interleave, ' +
  'so the same plan may have another outcome.';
