/** The stack and the target with the world of one scenario, kept up until it is ended, and watched for its live page. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HealthReading } from '../api/target.ts';
import type { Clock } from '../clock.ts';
import type { BoardListener } from '../faults/board.ts';
import { LockHoldings } from '../observe/lock-holdings.ts';
import { openObserver } from '../observe/observer.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { CampaignHost } from '../run/campaign.ts';
import { limitsOf } from '../run/limits.ts';
import type { CellPlan } from '../run/plan.ts';
import { keepLogs } from '../run/run-folder.ts';
import type { Stack } from '../stack/contract.ts';
import { databaseOf } from '../target/attached.ts';
import { nodeOptionsOf } from '../target/mutants.ts';
import { type RunningTarget, startTarget } from '../target/start.ts';
import { LiveRecord } from './live-record.ts';
import type { LiveState } from './live-state.ts';
import { startProbe } from './probe.ts';
import type { Status } from './protocol.ts';
import { renderHealed } from './render-status.ts';

export interface StandingTarget extends AsyncDisposable {
  readonly stack: Stack;
  readonly running: RunningTarget;
}

/** Of the plan, the scenario with its world and settings and the mutant count; its load and timeline are not used. `folder` takes the logs. */
export async function openStandingTarget(
  host: CampaignHost,
  plan: CellPlan,
  folder: string,
): Promise<StandingTarget> {
  const { target, provider, reaper, signal, clock } = host;
  const { scenario, seed } = plan;
  await using made = new AsyncDisposableStack();
  const stackFolder = made.use(await temporaryFolder(reaper, 'stack'));
  const logFolder = join(folder, 'logs');
  const stack = made.use(await provider.start({ folder: stackFolder.path, logFolder, seed, signal }));
  made.defer(() => keepLogs(stack, logFolder));
  const database = databaseOf(target, `redcliff_${scenario.name.replaceAll('-', '_')}`);
  const observer = made.use(await openObserver(stack.endpoints, database));
  await stack.empty(database);
  await mkdir(logFolder, { recursive: true });
  const nodeOptions = nodeOptionsOf(target, plan.mutant, target.folder);
  const running = made.use(
    await startTarget(
      target,
      { processes: scenario.processes, settings: scenario.settings, database },
      { stack, observer, reaper, clock, signal, logFolder, nodeOptions },
    ),
  );
  await running.seed({ name: scenario.name, seed, world: scenario.world });
  const owned = made.move();
  return { stack, running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export function processStates({ processes }: RunningTarget): Status['processes'] {
  return processes.all.map((process) => ({ name: process.name, running: process.running() }));
}

export interface StandingWatch extends AsyncDisposable {
  /** Called for every change on the fault board. */
  readonly listener: Pick<BoardListener, 'applied' | 'healed'>;
  read(): Promise<LiveState>;
}

export interface WatchOptions {
  readonly running: RunningTarget;
  readonly name: string;
  readonly scenario: string;
  /** Reads a second of the probe; 0 for none. */
  readonly probesPerSecond: number;
  readonly clock: Clock;
}

const periodMs = 1_000;
const healedShown = 5;

export function watchStanding(options: WatchOptions): StandingWatch {
  const { running, clock, probesPerSecond } = options;
  const { target, context, baseUrls } = running;
  const startMs = clock.nowMs();
  const record = new LiveRecord(startMs);
  const inForce = new Map<string, { readonly sinceMs: number; readonly parameters: string }>();
  const healed: { readonly fault: string; readonly text: string }[] = [];
  const ending = new AbortController();
  let health: HealthReading | null = null;

  const sample = async (): Promise<void> => {
    const atMs = clock.nowMs();
    const [reading, locks] = await Promise.all([
      running.health(),
      // When it was taken is of no interest here, so that each sample begins anew and nothing grows.
      target.locks === undefined
        ? null
        : new LockHoldings(target.locks).sample(context.redis, clock).catch(() => null),
    ]);
    health = reading;
    for (const [name, value] of Object.entries(reading?.gauges ?? {}))
      record.gauge(name, target.health?.units?.[name] ?? '', atMs, value);
    record.gauge('locks held', 'locks', atMs, locks);
    if (reading !== null) record.gauge('health', '1 = well', atMs, reading.well ? 1 : 0);
  };
  const sampling = (async () => {
    while (!ending.signal.aborted) {
      await sample().catch(() => undefined);
      await clock.sleep(periodMs, ending.signal).catch(() => undefined);
    }
  })();
  const url = `${baseUrls[0] ?? ''}${target.health?.path ?? '/'}`;
  const probe =
    probesPerSecond === 0 || baseUrls.length === 0
      ? null
      : startProbe({
          url,
          ratePerSecond: probesPerSecond,
          timeoutMs: limitsOf(target).requestDeadlineMs,
          clock,
          ended: (operation) => record.add(operation),
        });
  return {
    listener: {
      applied: (fault, parameters) => {
        const given = Object.entries(parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
        inForce.set(fault, { sinceMs: clock.nowMs(), parameters: given.join(', ') });
        record.applied(fault, clock.nowMs());
      },
      healed: (done) => {
        inForce.delete(done.fault);
        record.healed(done.fault, done.healedMs);
        const text = renderHealed(done).slice(done.fault.length).replace(/^, /, '');
        healed.unshift({ fault: done.fault, text });
        healed.splice(healedShown);
      },
    },
    read: async () => {
      const nowMs = clock.nowMs();
      return {
        title: `"${options.name}" is up: ${options.scenario}`,
        stage: `for ${seconds(nowMs - startMs)}; ${probesPerSecond} reads a second by a probe`,
        facts: factsOf(running, health),
        faults: [
          ...[...inForce].map(([fault, { sinceMs, parameters }]) => ({
            fault,
            inForce: true,
            text: `since ${seconds(nowMs - sinceMs)}${parameters === '' ? '' : ` (${parameters})`}`,
          })),
          ...healed.map(({ fault, text }) => ({ fault, inForce: false, text })),
        ],
        data: record.chartData(nowMs),
      };
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.all([sampling, probe?.[Symbol.asyncDispose]()]);
    },
  };
}

function factsOf(running: RunningTarget, health: HealthReading | null): LiveState['facts'] {
  const processes = processStates(running).map(({ name, running: up }) => `${name}${up ? '' : ' (down)'}`);
  return [
    ...(health === null ? [] : [{ name: 'health', value: health.well ? 'well' : 'not well' }]),
    { name: 'processes', value: processes.join(', ') },
  ];
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(0)} s`;
}
