/**
 * A complete plan in a file: one cell with everything that decides what it does, so that it can run from the file alone. A failure that was found and
 * shrunk is kept like this, as a regression test.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Cell, plannedFaultSchema } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import type { Scenario } from '../api/scenario.ts';
import type { JsonObject } from '../api/context.ts';
import { UsageError } from '../errors.ts';
import { mutantNamed } from '../target/mutants.ts';
import { withAllowance } from './allowance.ts';
import { maxErrorRateOf } from './load.ts';
import { type CellPlan, type PlanningContext, refuseLate, scenarioNamed } from './plan.ts';
import { describePlanned, parseTimeline } from './timeline.ts';
import { invariantNamed } from '../target/invariants.ts';

const planVersion = 1;
const count = z.int().nonnegative();
const amount = z.int().positive();
const worldSchema = z.record(z.string(), z.json());
const processesSchema = z.record(z.string(), count);
const loadSchema = z.strictObject({
  durationMs: z.int().min(1_000),
  ratePerSecond: z.number().positive(),
  maxVus: amount,
});

export const planFileSchema = z.strictObject({
  planVersion: z.literal(planVersion),
  /** What it is for, in a sentence. */
  title: z.string(),
  scenario: z.string(),
  /** What stands for the timeline in the report. */
  label: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, dashes or underscores'),
  seed: z.string().min(1).max(100),
  /** Name of a mutant, or null for the target as it is. */
  mutant: z.string().nullable(),
  world: worldSchema,
  processes: processesSchema,
  load: loadSchema,
  /** Environment of the target's processes. */
  settings: z.record(z.string(), z.string()),
  /** Names of invariants; empty for those of the scenario. */
  invariants: z.array(z.string()),
  /** Largest share of operations that may go unserved. */
  maxErrorRate: z.number().min(0).max(1),
  timeline: z.array(plannedFaultSchema),
});
export type PlanFile = z.infer<typeof planFileSchema>;

const remedy = 'redcliff reproduce REPORT --shrink writes one';

/** Throws UsageError, which names the file, the field and the remedy. */
export async function readPlanFile(path: string, context: PlanningContext): Promise<PlanFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--plan "${path}" cannot be read: ${why}`, 'give the path of a plan file');
  }
  return parsePlanFile(text, `--plan "${path}"`, context);
}

/** `source` names it in messages. Throws UsageError with the first field that is wrong. */
export function parsePlanFile(text: string, source: string, context: PlanningContext): PlanFile {
  const parsed = parsedJson(text, source);
  if (typeof parsed !== 'object' || parsed === null || !('planVersion' in parsed)) {
    throw new UsageError(`${source} is not a plan: it has no planVersion`, remedy);
  }
  if (parsed.planVersion !== planVersion) {
    throw new UsageError(
      `${source}, planVersion: is ${JSON.stringify(parsed.planVersion)}, but this is version ${planVersion}`,
      'run it with the Redcliff that wrote it, or shrink the failure again',
    );
  }
  const result = planFileSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new UsageError(
      `${source}, ${field === '' ? 'the whole' : field}: ${issue?.message ?? 'is wrong'}`,
      'correct the field, or shrink the failure again',
    );
  }
  planOf(context, result.data, source);
  return result.data;
}

export async function writePlanFile(path: string, plan: PlanFile): Promise<void> {
  await writeFile(path, `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * The cell that the file describes. What the file does not know of its scenario comes from the scenario as it is now. Throws UsageError, which names
 * `source`.
 */
export function planOf(context: PlanningContext, file: PlanFile, source = `plan "${file.title}"`): CellPlan {
  const own = scenarioNamed(context, file.scenario, `${source}, scenario`);
  if (file.mutant !== null) mutantNamed(context.target, file.mutant);
  const timeline =
    file.timeline.length === 0
      ? []
      : parseTimeline(JSON.stringify(file.timeline), `${source}, timeline`, context.faults);
  refuseLate(timeline, file.load.durationMs, file.scenario);
  for (const role of Object.keys(file.processes)) {
    if (role in context.target.processes) continue;
    throw new UsageError(
      `${source}, processes: "${role}" is not a process of the target`,
      `processes: ${Object.keys(context.target.processes).join(', ')}`,
    );
  }
  const { label, seed, mutant } = file;
  const planned = { scenario: own, label, durationMs: file.load.durationMs, timeline };
  const { maxErrorRateInPhase, ...rest } = withAllowance(context.target, planned);
  const scenario: Scenario = {
    ...rest,
    // When any error rate is allowed, it is allowed in every phase.
    ...(file.maxErrorRate < 1 && maxErrorRateInPhase !== undefined ? { maxErrorRateInPhase } : {}),
    world: { ...own.world, ...(file.world as JsonObject) },
    processes: { ...own.processes, ...file.processes },
    load: file.load,
    settings: file.settings,
    invariants:
      file.invariants.length === 0
        ? own.invariants
        : file.invariants.map((name) => invariantNamed(context.target, name, `${source}, invariants:`)),
    maxErrorRate: { default: file.maxErrorRate },
  };
  return { scenario, label, seed, durationMs: file.load.durationMs, timeline, mutant };
}

const configSchema = z.looseObject({
  world: worldSchema,
  processes: processesSchema,
  // A record says more of the load than a plan does, such as how many cells ran at once.
  load: z.object(loadSchema.shape),
  settings: z.record(z.string(), z.string()).default({}),
  mutant: z.string().nullish(),
});

/** The plan as a file has it. */
export function planFileOf(plan: CellPlan, title: string): PlanFile {
  const { scenario, label, seed, mutant, durationMs } = plan;
  const { ratePerSecond, maxVus } = scenario.load;
  return {
    planVersion,
    title,
    scenario: scenario.name,
    label,
    seed,
    mutant,
    world: worldSchema.parse(scenario.world),
    processes: { ...scenario.processes },
    load: { durationMs, ratePerSecond, maxVus },
    settings: { ...scenario.settings },
    invariants: scenario.invariants.map(({ invariant }) => invariant),
    maxErrorRate: maxErrorRateOf(scenario, label),
    timeline: plan.timeline.map(describePlanned),
  };
}

/** What a report says of a cell, made into the plan that it was: nothing is drawn anew. Throws UsageError when the record lacks what is needed. */
export function planFileOfRecord(cell: Cell, context: PlanningContext): PlanFile {
  const name = cellName(cell);
  const scenario = context.target.scenarios.find((candidate) => candidate.name === cell.scenario);
  if (scenario === undefined) {
    throw new UsageError(
      `the report has the scenario "${cell.scenario}", which does not exist here`,
      'reproduce it with the configuration that made the report',
    );
  }
  const config = configSchema.safeParse(cell.config);
  if (!config.success) {
    const [issue] = config.error.issues;
    throw new UsageError(
      `the report does not say how ${name} was run: config.${issue?.path.join('.')}: ${issue?.message}`,
      'a report that was changed or cut cannot be reproduced; take the one in the folder of the run',
    );
  }
  const { mutant, ...rest } = config.data;
  return {
    planVersion,
    title: `${name} as it was recorded`,
    scenario: cell.scenario,
    label: cell.fault,
    seed: cell.seed,
    mutant: mutant ?? null,
    world: rest.world,
    processes: rest.processes,
    load: rest.load,
    settings: rest.settings,
    invariants: cell.verdicts.map(({ invariant }) => invariant),
    maxErrorRate: recordedRate(cell) ?? maxErrorRateOf(scenario, cell.fault),
    timeline: cell.timeline,
  };
}

/** The rate stands in the threshold that was made of it. */
function recordedRate(cell: Cell): number | null {
  const threshold = cell.thresholds.find(({ metric }) => metric === 'redcliff_unavailable');
  const rate = /^rate<=(\d+(?:\.\d+)?)$/.exec(threshold?.expression ?? '')?.[1];
  return rate === undefined ? null : Number(rate);
}

function parsedJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${source} is not JSON: ${why}`, remedy);
  }
}
