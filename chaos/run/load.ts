/** Runs a scenario's k6 script, by the built-in runtime or a real k6, and reads its summary. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Threshold } from '../../reports/record/report.ts';
import { type ScriptSettings, settingsVariable } from '../api/k6/settings.ts';
import { phaseNames, type Scenario } from '../api/scenario.ts';
import type { JsonObject } from '../api/context.ts';
import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import { describeExit, type RunningProcess, spawnSupervised } from '../process/supervised-process.ts';
import { k6ContainerCommand, prepareOutput } from '../stack/docker/k6-container.ts';
import type { RunningTarget } from '../target/start.ts';
import type { CellHost } from './cell-context.ts';
import { historyFileName } from './cell-folder.ts';
import type { K6Program } from './k6-program.ts';
import type { CellPlan } from './plan.ts';
import { makeStartGate } from './start-gate.ts';
import { ownModule } from '../setup/own-files.mjs';

export interface LoadResult {
  readonly thresholds: readonly Threshold[];
  /** Arrivals that found no free VU: the generator, not the target, was the limit. */
  readonly droppedIterations: number;
}

/** Time to compile the script, create the VUs and run setup(), before it asks for the start. */
const readyWithinMs = 60_000;
/** From the answer to the start of the load: for the answer to arrive, and everything that begins with the load to begin. */
const leadMs = 100;

const builtInRuntime = fileURLToPath(ownModule('../emulators/k6/main', import.meta.url));
/** Scripts import its helpers from there. */
const apiFolder = fileURLToPath(new URL('../api/k6', import.meta.url));
const k6ThresholdsCrossed = 99;
/** Beyond the load's own duration: the last iterations' grace, and the summary. */
const overtimeMs = 25_000;
/** A client waits longer than the deadline, so that a missed deadline is seen and not cut off. */
const timeoutBeyondDeadlineMs = 1_500;

/** A load generator that is ready, and waits for the load to start. */
export interface Load extends AsyncDisposable {
  readonly historyFile: string;
  /** Starts the load shortly; gives its start, an epoch time. */
  start(): number;
  /** Resolves when the load has ended. Throws HarnessError when the generator failed or did not end in time. */
  result(signal: AbortSignal): Promise<LoadResult>;
}

/** Resolves when the script has run its setup() and asks for the start. Throws HarnessError when it does not. */
export async function prepareLoad(
  host: CellHost,
  plan: CellPlan,
  running: RunningTarget,
  world: JsonObject,
  requestDeadlineMs: number,
): Promise<Load> {
  const { folder, k6, clock, reaper, signal } = host;
  await using owned = new AsyncDisposableStack();
  const gate = owned.use(await makeStartGate());
  // Absolute, because a container has another working directory.
  const historyFile = resolve(folder, historyFileName);
  const summaryFile = resolve(folder, 'k6-summary.json');
  const settingsFile = resolve(folder, 'settings.json');
  const settings: ScriptSettings = {
    ...scriptLoad(plan),
    urls: running.urls,
    baseUrls: running.baseUrls,
    world,
    startUrl: gate.url,
    timeoutMs: requestDeadlineMs + timeoutBeyondDeadlineMs,
    summaryFile,
  };
  await writeFile(settingsFile, `${JSON.stringify(settings, null, 1)}\n`);
  const script = resolve(running.target.scriptFolder, plan.scenario.script);
  const args = ['--quiet', '--log-format', 'raw', '--console-output', historyFile];
  const generator = owned.use(
    await spawnSupervised({
      name: 'k6',
      ...(await k6Command(k6, [...args, '-e', `${settingsVariable}=${settingsFile}`, script], {
        written: [historyFile, summaryFile],
        read: [running.target.scriptFolder, apiFolder],
      })),
      env: { K6_NO_USAGE_REPORT: 'true' },
      logFile: join(folder, 'logs', 'k6.log'),
      ready: { kind: 'started' },
      signal,
      reaper,
    }),
  );
  await within(readyWithinMs, { generator, clock, signal }, 'did not ask for the start of the load', [
    gate.asked,
    generator.exited.then((exit) => {
      // A generator that ends before the start has failed.
      throw failed(generator, `the load generator ended with ${describeExit(exit)} before the load started`);
    }),
  ]);
  const resources = owned.move();
  return {
    historyFile,
    start: () => {
      const loadStartMs = clock.nowMs() + leadMs;
      gate.open(loadStartMs);
      return loadStartMs;
    },
    result: async (either) => {
      const limitMs = plan.durationMs + overtimeMs;
      const exit = await within(limitMs, { generator, clock, signal: either }, 'did not end', [
        generator.exited,
      ]);
      if (exit.status !== 0 && exit.status !== k6ThresholdsCrossed)
        throw failed(generator, `the load generator ended with ${describeExit(exit)}`);
      return readSummary(summaryFile);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** What the plan decides of the settings of a script. */
export function scriptLoad({
  scenario,
  label,
  seed,
  durationMs,
  timeline,
}: Pick<CellPlan, 'durationMs' | 'label' | 'scenario' | 'seed' | 'timeline'>) {
  const span = {
    fromMs: Math.min(...timeline.map(({ applyAtMs }) => applyAtMs)),
    toMs: Math.max(...timeline.map(({ healAtMs }) => healAtMs)),
  };
  const { ratePerSecond, maxVus } = scenario.load;
  return {
    seed,
    durationMs,
    ratePerSecond,
    maxVus,
    maxErrorRate: maxErrorRateOf(scenario, label),
    maxErrorRateInPhase: Object.fromEntries(
      phaseNames.flatMap((phase) => {
        const rates = scenario.maxErrorRateInPhase?.[phase];
        const rate = rates?.[label] ?? rates?.['default'];
        return rate === undefined ? [] : [[phase, rate] as const];
      }),
    ),
    faultSpan: timeline.length === 0 ? null : span,
  };
}

export function maxErrorRateOf({ maxErrorRate }: Pick<Scenario, 'maxErrorRate'>, label: string): number {
  return maxErrorRate[label] ?? maxErrorRate['default'] ?? 1;
}

async function k6Command(
  k6: K6Program | null,
  args: readonly string[],
  files: { readonly written: readonly [string, ...string[]]; readonly read: readonly string[] },
): Promise<{ command: string; args: string[] }> {
  if (k6 === null) return { command: process.execPath, args: [builtInRuntime, 'run', ...args] };
  if (k6.container === undefined) return { command: k6.path, args: ['run', ...args] };
  await prepareOutput(k6.container, files.written);
  return k6ContainerCommand(
    k6.container,
    ['run', ...args],
    [
      ...files.read.map((path) => ({ path, readOnly: true })),
      { path: dirname(files.written[0]), readOnly: false },
    ],
  );
}

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

async function readSummary(summaryFile: string): Promise<LoadResult> {
  const { metrics } = summarySchema.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
  return {
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

/** The statistic of a threshold: `p(99)` of `p(99)<=3000`. */
function valueOf(
  expression: string,
  values: Readonly<Record<string, number | null>>,
): { readonly value?: number } {
  const value = values[/^[^<>=!\s]+/.exec(expression)?.[0] ?? ''] ?? null;
  return value === null ? {} : { value };
}

/** The first of `events`. Rejects when none has come after `limitMs`, or with the reason of the signal. */
async function within<T>(
  limitMs: number,
  host: { readonly generator: RunningProcess; readonly clock: Clock; readonly signal: AbortSignal },
  what: string,
  events: readonly Promise<T>[],
): Promise<T> {
  const { generator, clock, signal } = host;
  const over = new AbortController();
  const late = clock.sleep(limitMs, AbortSignal.any([signal, over.signal])).then(() => {
    throw failed(generator, `the load generator ${what} within ${limitMs} ms`, true);
  });
  try {
    return await Promise.race([...events, late]);
  } finally {
    over.abort();
    for (const event of [...events, late]) event.catch(() => undefined);
  }
}

const linesShown = 20;

/** The first line says what happened; below it are the last lines of the log. */
function failed(
  generator: Pick<RunningProcess, 'lastLines' | 'logFile'>,
  what: string,
  timedOut = false,
): HarnessError {
  const { logFile } = generator;
  const lines = generator.lastLines(linesShown);
  const log = lines.length === 0 ? `  its log ${logFile} is empty` : `  its log ${logFile} ends with`;
  const hint = 'read the log; redcliff emulator k6 run SCRIPT runs a script alone';
  return new HarnessError([what, log, ...lines.map((line) => `  | ${line}`)].join('\n'), hint, { timedOut });
}
