/**
 * An experiment written down whole: one cell with everything that decides what is done in it, so that it can be run from the file
 * alone. What was found once and shrunk is kept like this, as a test against its return.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { checkers } from '../../reports/checkers/registry.ts';
import { plannedFaultSchema } from '../../reports/record/report.ts';
import type { Experiment } from '../../scenarios/experiment.ts';
import { experiments } from '../../scenarios/registry.ts';
import { checkDefect } from '../defects/load.ts';
import { UsageError } from '../errors.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import { parseTimeline } from '../timeline/read-timeline.ts';

export const experimentVersion = 1;

const count = z.int().nonnegative();
const amount = z.int().positive();

export const experimentFileSchema = z.strictObject({
  experimentVersion: z.literal(experimentVersion),
  /** What it is for, in a sentence. */
  title: z.string(),
  scenario: z.string(),
  /** What stands for the outage in the report. */
  outage: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, dashes or underscores'),
  seed: z.string().min(1).max(100),
  /** Name of a planted defect, or null for the system as it is. */
  defect: z.string().nullable(),
  world: z.object({ sessions: amount, generals: amount, cities: amount, nations: amount }).catchall(count),
  processes: z.object({ api: amount, turnProcessor: count, dbSync: count }).catchall(count),
  load: z.strictObject({
    durationMs: z.int().min(1_000),
    ratePerSecond: amount,
    maxVus: amount,
    setupMs: count.optional(),
  }),
  /** Settings of the system, as environment variables. */
  settings: z.record(z.string(), z.string()),
  invariants: z.array(z.string()).min(1),
  /** Largest share of operations that may end without success. */
  unavailableShareMax: z.number().min(0).max(1),
  timeline: z.array(plannedFaultSchema),
});
export type ExperimentFile = z.infer<typeof experimentFileSchema>;

/** Throws UsageError, which names the file, the field and the remedy. */
export async function readExperimentFile(path: string): Promise<ExperimentFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `--experiment "${path}" cannot be read: ${why}`,
      'give the path of an experiment file',
    );
  }
  return parseExperimentFile(text, `--experiment "${path}"`);
}

/** `source` names it in messages. Throws UsageError with the first field that is wrong. */
export function parseExperimentFile(text: string, source: string): ExperimentFile {
  const parsed = parseJson(text, source);
  const version = typeof parsed === 'object' && parsed !== null && 'experimentVersion' in parsed;
  if (!version) {
    throw new UsageError(
      `${source} is no experiment: it has no experimentVersion`,
      'redcliff reproduce REPORT --shrink writes one',
    );
  }
  if (parsed.experimentVersion !== experimentVersion) {
    throw new UsageError(
      `${source}, experimentVersion: is ${JSON.stringify(parsed.experimentVersion)}, but this is version ${experimentVersion}`,
      'run it with the Redcliff that wrote it, or shrink the failure again',
    );
  }
  const result = experimentFileSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new UsageError(
      `${source}, ${field === '' ? 'the whole' : field}: ${issue?.message ?? 'is wrong'}`,
      'correct the field, or shrink the failure again',
    );
  }
  checkMeaning(result.data, source);
  return result.data;
}

export async function writeExperimentFile(path: string, experiment: ExperimentFile): Promise<void> {
  await writeFile(path, `${JSON.stringify(experiment, null, 2)}\n`);
}

/** The cell that the file describes. What the file does not know of its scenario comes from the scenario as it is now. */
export function planOf(file: ExperimentFile): CellPlan {
  const scenario = scenarioNamed(file.scenario, `experiment "${file.title}"`);
  const { unavailableInPhaseMax = {} } = scenario;
  const experiment: Experiment = {
    ...scenario,
    // Where any share may be refused, it may be so in any phase.
    unavailableInPhaseMax: file.unavailableShareMax < 1 ? unavailableInPhaseMax : {},
    world: { ...scenario.world, ...file.world },
    processes: { ...scenario.processes, ...file.processes },
    load: file.load,
    settings: file.settings,
    invariants: file.invariants,
    unavailableShareMax: { default: file.unavailableShareMax },
  };
  const { outage, seed, timeline } = file;
  return { experiment, outage, seed, durationMs: file.load.durationMs, timeline };
}

function checkMeaning(file: ExperimentFile, source: string): void {
  scenarioNamed(file.scenario, source);
  for (const invariant of file.invariants) {
    if (checkers.some((checker) => checker.invariant === invariant)) continue;
    throw new UsageError(
      `${source}, invariants: "${invariant}" does not exist`,
      `invariants: ${checkers.map((checker) => checker.invariant).join(', ')}`,
    );
  }
  if (file.defect !== null) checkDefect(file.defect);
  if (file.timeline.length > 0) parseTimeline(JSON.stringify(file.timeline), `${source}, timeline`);
  const late = file.timeline.findIndex(({ healAtMs }) => healAtMs > file.load.durationMs);
  if (late >= 0) {
    throw new UsageError(
      `${source}, timeline.${late}.healAtMs: is ${file.timeline[late]?.healAtMs}, but the load ends after ${file.load.durationMs} ms`,
      'heal it earlier, or make load.durationMs longer',
    );
  }
}

function scenarioNamed(name: string, source: string): Experiment {
  const found = experiments.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `${source}, scenario: "${name}" does not exist`,
    `scenarios: ${experiments.map((candidate) => candidate.name).join(', ')}`,
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${source} is no JSON: ${why}`, 'redcliff reproduce REPORT --shrink writes one');
  }
}
