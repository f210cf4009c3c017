/** Runs a scenario's k6 script, by the built-in runtime or a real k6, and takes in its summary. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Threshold } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import { spawnSupervised, type ProcessExit, type RunningProcess } from '../process/supervised-process.ts';
import { k6ContainerCommand, prepareOutput } from '../stack/docker/k6-container.ts';
import { historyFileName } from './cell-folder.ts';
import type { CellPlan } from './cell-plan.ts';
import type { K6Program } from './k6-program.ts';
import { endedBadly, endedTooLate } from './load-failure.ts';
import type { RunContext } from './run-context.ts';
import { clientPatienceMs } from './system-settings.ts';
import type { SystemUnderTest } from './system-under-test.ts';

export interface LoadResult {
  readonly historyFile: string;
  readonly thresholds: readonly Threshold[];
  /** Arrivals that found no free VU: the generator, not the system, was the limit. */
  readonly droppedIterations: number;
}

/**
 * Milliseconds from the start of the k6 process to the start of load: its start-up, and the creation of its VUs. The built-in runtime needs
 * 0.4 s where two cells run on two processors; an engine needs a while to make a container.
 */
export function leadMsOf({ k6 }: Pick<RunContext, 'k6'>): number {
  if (k6 === null) return 1_000;
  return k6.container === undefined ? 1_500 : 5_000;
}

const scenarios = fileURLToPath(new URL('../../scenarios', import.meta.url));
const builtInRuntime = join(scenarios, 'runtime', 'main.ts');
const k6ThresholdsCrossed = 99;
/** Beyond the load's own duration: the last iterations' grace, and the summary. */
const overtimeMs = 25_000;
const summarySchema = z.object({
  metrics: z.record(
    z.string(),
    z.object({
      values: z.record(z.string(), z.number().nullable()),
      thresholds: z
        .record(z.string(), z.object({ ok: z.boolean(), unknown: z.boolean().optional() }))
        .optional(),
    }),
  ),
});

export async function runLoad(
  run: RunContext,
  plan: CellPlan,
  system: SystemUnderTest,
  initial: Evidence['database'],
  folder: string,
  loadStartMs: number,
  signal: AbortSignal,
): Promise<LoadResult> {
  const { experiment } = plan;
  // In a container there is no other working directory to count from.
  const historyFile = resolve(folder, historyFileName);
  const summaryFile = resolve(folder, 'k6-summary.json');
  const logFile = join(folder, 'logs', 'k6.log');
  const shares = experiment.unavailableShareMax;
  const variables = {
    API_URLS: system.apiUrls.join(','),
    SESSION_IDS: system.sessionIds.join(','),
    GENERALS: experiment.world.generals,
    CITIES: experiment.world.cities,
    NATIONS: experiment.world.nations,
    BATTLES: experiment.world.battles ?? 0,
    TOURNAMENTS: experiment.world.tournaments ?? 0,
    ITEM_OWNERS: itemOwners(system.sessionIds, initial),
    SEED: plan.seed,
    DURATION_MS: plan.durationMs,
    RATE_PER_SECOND: experiment.load.ratePerSecond,
    MAX_VUS: experiment.load.maxVus,
    LOAD_START_MS: loadStartMs,
    PATIENCE_MS: clientPatienceMs,
    UNAVAILABLE_SHARE_MAX: shares[plan.outage] ?? shares['default'] ?? 1,
    ...phaseVariables(plan),
    SUMMARY_FILE: summaryFile,
  };
  const script = join(scenarios, experiment.script);
  const flags = ['--quiet', '--log-format', 'raw', '--console-output', historyFile];
  const environment = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  await using k6 = await spawnSupervised({
    name: 'k6',
    ...(await k6Command(run.k6, [...flags, ...environment, script], [historyFile, summaryFile])),
    env: { K6_NO_USAGE_REPORT: 'true' },
    logFile,
    ready: { kind: 'started' },
    signal,
    warden: run.warden,
  });
  const exit = await endOf(k6, plan.durationMs + leadMsOf(run) + overtimeMs, run.clock, signal);
  if (exit.status !== 0 && exit.status !== k6ThresholdsCrossed) {
    throw endedBadly(k6, exit);
  }
  return readSummary(historyFile, summaryFile);
}

/** When the faults are planned, and what may be refused in each phase. Names and form are read by `scenarios/client/settings.ts`. */
function phaseVariables({ timeline, experiment, outage }: CellPlan): Record<string, string | number> {
  const limits = Object.entries(experiment.unavailableInPhaseMax ?? {}).flatMap(([phase, shares]) => {
    const share = shares[outage] ?? shares['default'];
    return share === undefined ? [] : [[`UNAVAILABLE_SHARE_MAX_IN_${phase.toUpperCase()}`, share] as const];
  });
  const fromMs = Math.min(...timeline.map(({ applyAtMs }) => applyAtMs));
  const toMs = Math.max(...timeline.map(({ healAtMs }) => healAtMs));
  const span = timeline.length === 0 ? '' : `${fromMs}-${toMs}`;
  return { FAULT_SPAN_MS: span, ...Object.fromEntries(limits) };
}

/** Who owns item 1, 2, … of each session, as `1,2,3;4,5,6`: there is no route that tells, and a seller has to be the owner. */
function itemOwners(sessionIds: readonly string[], initial: Evidence['database']): string {
  const items = z
    .array(z.object({ session_id: z.string(), item: z.int(), owner: z.int() }))
    .parse(initial['items'] ?? [])
    .toSorted((left, right) => left.item - right.item);
  return sessionIds
    .map((id) => items.filter(({ session_id }) => session_id === id).map(({ owner }) => owner))
    .join(';');
}

/** `outputs` are the files that it writes, in one folder. */
async function k6Command(
  k6: K6Program | null,
  args: readonly string[],
  outputs: readonly [string, ...string[]],
): Promise<{ command: string; args: string[] }> {
  if (k6 === null) return { command: process.execPath, args: [builtInRuntime, 'run', ...args] };
  if (k6.container === undefined) return { command: k6.path, args: ['run', ...args] };
  await prepareOutput(k6.container, outputs);
  return k6ContainerCommand(
    k6.container,
    ['run', ...args],
    [
      { path: scenarios, readOnly: true },
      { path: dirname(outputs[0]), readOnly: false },
    ],
  );
}

async function readSummary(historyFile: string, summaryFile: string): Promise<LoadResult> {
  const { metrics } = summarySchema.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
  return {
    historyFile,
    thresholds: Object.entries(metrics).flatMap(([metric, { thresholds, values }]) =>
      Object.entries(thresholds ?? {}).map(([expression, { ok, unknown }]): Threshold => ({
        metric,
        expression,
        verdict: unknown === true ? 'unknown' : ok ? 'true' : 'false',
        ...valueOf(expression, values),
      })),
    ),
    droppedIterations: metrics['dropped_iterations']?.values['count'] ?? 0,
  };
}

/** `p(99)<=3000` was held against the value `p(99)`. */
function valueOf(
  expression: string,
  values: Readonly<Record<string, number | null>>,
): { readonly value?: number } {
  const value = values[/^[^<>=!\s]+/.exec(expression)?.[0] ?? ''] ?? null;
  return value === null ? {} : { value };
}

/** Rejects when the process has not ended after `limitMs`, or with the reason of the signal. */
async function endOf(
  k6: RunningProcess,
  limitMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<ProcessExit> {
  const over = new AbortController();
  const late = clock.sleep(limitMs, AbortSignal.any([signal, over.signal])).then(() => {
    throw endedTooLate(k6, limitMs);
  });
  try {
    return await Promise.race([k6.exited, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}
