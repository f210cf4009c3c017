/**
 * A campaign: many cells that belong together, run by workers, each outcome logged at once. Every command that runs cells is a generator of jobs and
 * a judge of their outcomes; stacks, workers, folders and resuming are here.
 */
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Cell } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import { runCell } from './cell.ts';
import { type CellContext, silentProgress } from './cell-context.ts';
import type { K6Program } from './k6-program.ts';
import type { CellPlan } from './plan.ts';
import { checkWritable, makeRunFolder } from './run-folder.ts';
import { Workers } from './workers.ts';

/** What every command that runs cells has open. */
export interface CampaignHost {
  readonly target: LoadedTarget;
  readonly provider: StackProvider;
  readonly reaper: Reaper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly k6: K6Program | null;
}

export interface CampaignOptions<Job, Outcome> {
  readonly jobs: readonly Job[];
  /** Names the job in the log of outcomes; unique. */
  readonly idOf: (job: Job) => string;
  readonly workers: number;
  /** Seeds the stacks. */
  readonly seed: string;
  /** Takes the folders of the cells and the logs of the stacks. */
  readonly folder: string;
  /** Outcomes of an earlier part of the campaign, and where new ones go; none for one that cannot be resumed. */
  readonly log?: OutcomeLog<Outcome>;
  /** Command that resumes it, for messages. */
  readonly resume: string;
  readonly stackStarted: (stack: Stack) => void;
  /** Runs one job. Undefined when the campaign had to end before there was an outcome. */
  readonly run: (job: Job, worker: Worker, index: number) => Promise<Outcome | undefined>;
  readonly ended?: (outcome: Outcome, done: number, total: number) => void;
  /** Of outcomes that the machine was too busy to decide. */
  readonly again?: RunAgain<Outcome>;
}

/** A job whose outcome is `needed` once more is run a second time at the end, by itself; and a worker with two of them in a row takes no more. */
export interface RunAgain<Outcome> {
  readonly needed: (outcome: Outcome) => boolean;
  readonly join: (first: Outcome, second: Outcome) => Outcome;
  readonly note: (line: string) => void;
}

/** What one worker offers to a job. */
export interface Worker {
  readonly stack: Stack;
  readonly goOn: () => boolean;
  /** Runs the cell into `folder`/cells. Rejects only when the folder cannot be made. */
  cell(plan: CellPlan, folder: string, more?: CellOtherwise): Promise<Cell>;
}

/** Options of a single cell. */
export type CellOtherwise = Partial<Pick<CellContext, 'hold' | 'progress' | 'targetFolder'>>;

export interface CampaignResult<Outcome> {
  /** In the order of the jobs, those of earlier parts included; undefined for those not run. */
  readonly outcomes: readonly (Outcome | undefined)[];
  /** The stack by which all are described; null when nothing was left to run. */
  readonly stack: Stack | null;
  /** Why not all was run, if so. */
  readonly cutShort: Error | null;
}

/** A worker with so many undecided jobs in a row is one too many. One alone may be due to cold caches at the start. */
const undecidedMax = 2;

export async function runCampaign<Job, Outcome>(
  host: CampaignHost,
  options: CampaignOptions<Job, Outcome>,
): Promise<CampaignResult<Outcome>> {
  const { jobs, idOf, folder, log, seed, resume } = options;
  const known = log === undefined ? new Map<string, Outcome>() : await log.read();
  const missing = jobs.filter((job) => !known.has(idOf(job)));
  const outcomes = () => jobs.map((job) => known.get(idOf(job)));
  if (missing.length === 0) return { outcomes: outcomes(), stack: null, cutShort: null };
  const count = Math.min(options.workers, missing.length);
  await using workers = await Workers.open({ ...host, seed, logFolder: folder }, count);
  options.stackStarted(workers.first);
  let done = jobs.length - missing.length;
  const workerOn = (stack: Stack, atOnce: number, again: boolean): Worker => {
    const context: CellContext = { ...host, stack, workers: atOnce, progress: silentProgress };
    return {
      stack,
      goOn: () => workers.goOn,
      cell: (plan, cellFolder, more = {}) =>
        runCell({ ...context, ...more }, again ? { ...plan, again } : plan, cellFolder),
    };
  };
  const keep = async (job: Job, outcome: Outcome): Promise<void> => {
    known.set(idOf(job), outcome);
    await log?.add(idOf(job), outcome);
    done += 1;
    options.ended?.(outcome, done, jobs.length);
  };
  const undecided: { readonly job: Job; readonly first: Outcome }[] = [];
  await workers.work(apart(missing, count), (stack) => {
    const worker = workerOn(stack, count, false);
    let undecidedInARow = 0;
    return async (job, index) => {
      const outcome = await options.run(job, worker, index);
      if (outcome === undefined) return true;
      if (options.again?.needed(outcome) !== true) {
        undecidedInARow = 0;
        await keep(job, outcome);
        return true;
      }
      undecidedInARow += 1;
      undecided.push({ job, first: outcome });
      options.again.note(`the machine was too busy to decide ${idOf(job)}: it runs again at the end, alone`);
      return undecidedInARow < undecidedMax;
    };
  });
  await workers.work(
    undecided,
    (stack) => {
      const worker = workerOn(stack, 1, true);
      return async ({ job, first }) => {
        const second = await options.run(job, worker, jobs.indexOf(job));
        await keep(job, second === undefined ? first : (options.again?.join(first, second) ?? second));
        return true;
      };
    },
    1,
  );
  return { outcomes: outcomes(), stack: workers.first, cutShort: workers.whyCutShort(resume) };
}

/**
 * Neighbours in the list are cells of one scenario, and the cells of one scenario need processors at the same stages. So workers that run at once
 * take jobs from parts of the list that lie apart. With one worker nothing changes.
 */
export function apart<Job>(jobs: readonly Job[], workers: number): readonly Job[] {
  const length = Math.ceil(jobs.length / workers);
  const parts = Array.from({ length: workers }, (_, part) => jobs.slice(part * length, (part + 1) * length));
  return Array.from({ length }, (_, index) => parts.flatMap((part) => part.slice(index, index + 1))).flat();
}

const logFile = 'outcomes.ndjson';
const settingsFile = 'campaign.json';
const version = 1;

/** Outcomes by job, kept line by line as they come. */
export class OutcomeLog<Outcome> {
  readonly #file: string;
  readonly #line: z.ZodType<{ job: string; outcome: Outcome }>;
  readonly #counts: (outcome: Outcome) => boolean;

  /** An outcome that does not `count`, such as of a cell in which the harness failed, is run again when the campaign is resumed. */
  constructor(
    folder: string,
    outcome: z.ZodType<Outcome>,
    counts: (outcome: Outcome) => boolean = () => true,
  ) {
    this.#file = join(folder, logFile);
    this.#line = z.object({ job: z.string(), outcome });
    this.#counts = counts;
  }

  /** Empty for a new campaign. An incomplete last line is removed. */
  async read(): Promise<Map<string, Outcome>> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) await writeFile(this.#file, whole);
    const lines = whole.split('\n').slice(0, -1);
    const parsed = lines.map((line) => this.#line.parse(JSON.parse(line)));
    return new Map(
      parsed.filter(({ outcome }) => this.#counts(outcome)).map(({ job, outcome }) => [job, outcome]),
    );
  }

  async add(job: string, outcome: Outcome): Promise<void> {
    await appendFile(this.#file, `${JSON.stringify({ job, outcome })}\n`);
  }
}

/** Settings of a campaign, kept in its folder, so that it can be resumed. */
export interface CampaignKind<Settings> {
  /** As in "holds no mutation campaign". */
  readonly what: string;
  /** Command that begins one. */
  readonly command: string;
  readonly settings: z.ZodType<Settings>;
}

/** Begins a campaign in a new folder in `out`, or resumes that of `--resume`. Throws UsageError. */
export async function campaignFolder<Settings>(
  kind: CampaignKind<Settings>,
  { out, resume }: { readonly out: string; readonly resume?: string },
  label: string,
  clock: Clock,
  settings: () => Settings,
): Promise<{ readonly folder: string; readonly settings: Settings }> {
  if (resume !== undefined) return await resumeCampaign(kind, resume);
  // What is wrong with them is said before there is a folder.
  const begun = settings();
  await checkWritable(out);
  const { path: folder } = await makeRunFolder(out, new Date(clock.nowMs()), [label]);
  await beginCampaign(kind, folder, begun);
  return { folder, settings: begun };
}

const keptSchema = z.object({
  campaignVersion: z.literal(version),
  what: z.string(),
  settings: z.unknown(),
});

export async function beginCampaign<Settings>(
  kind: CampaignKind<Settings>,
  folder: string,
  settings: Settings,
): Promise<void> {
  const text = JSON.stringify({ campaignVersion: version, what: kind.what, settings }, null, 1);
  await writeFile(join(folder, settingsFile), `${text}\n`);
}

/** `given` as after --resume. Throws UsageError when the folder holds no campaign of that kind. */
export async function resumeCampaign<Settings>(
  kind: CampaignKind<Settings>,
  given: string,
): Promise<{ readonly folder: string; readonly settings: Settings }> {
  const folder = resolve(given);
  const found = await stat(join(folder, settingsFile)).catch(() => null);
  const text = found === null ? '' : await readFile(join(folder, settingsFile), 'utf8');
  const kept = keptSchema.safeParse(parseJson(text));
  if (kept.success && kept.data.what === kind.what) {
    const settings = kind.settings.safeParse(kept.data.settings);
    if (settings.success) return { folder, settings: settings.data };
  }
  throw new UsageError(
    `--resume "${given}" is not the folder of a ${kind.what}`,
    `give the folder that ${kind.command} named at its start`,
  );
}
