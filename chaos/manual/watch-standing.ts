/** Watches a system that is kept up for its live page: a probe that reads, what the harness can see from outside, and the faults. */
import type { Clock } from '../clock.ts';
import type { LiveState } from '../live/live-state.ts';
import { LiveRecord } from '../live/live-record.ts';
import { startProbe } from '../live/probe.ts';
import { LockHoldings } from '../observe/lock-holdings.ts';
import type { BoardListener } from './fault-board.ts';
import type { Status } from './protocol.ts';
import { renderHealed } from './render-status.ts';
import type { StandingSystem } from './standing-system.ts';

export interface StandingWatch extends AsyncDisposable {
  /** To be told of what the fault board does. */
  readonly listener: Pick<BoardListener, 'applied' | 'healed'>;
  read(): Promise<LiveState>;
}

export interface WatchOptions {
  readonly standing: StandingSystem;
  readonly name: string;
  readonly scenario: string;
  /** Reads a second of the probe; 0 for none. */
  readonly probesPerSecond: number;
  readonly clock: Clock;
}

const periodMs = 1_000;
const healedShown = 5;

export function watchStanding(options: WatchOptions): StandingWatch {
  const { standing, clock, probesPerSecond } = options;
  const startMs = clock.nowMs();
  const record = new LiveRecord(startMs);
  const inForce = new Map<string, { readonly sinceMs: number; readonly parameters: string }>();
  const healed: { readonly fault: string; readonly text: string }[] = [];
  const ending = new AbortController();
  let health: Status['health'] | null = null;

  const look = async (): Promise<void> => {
    const atMs = clock.nowMs();
    const { redis } = standing.faultContext.observer;
    const [seen, locks] = await Promise.all([
      standing.readHealth(),
      // What was held when is of no interest here, so that each look begins anew and nothing grows.
      new LockHoldings().look(redis, clock).catch(() => null),
    ]);
    health = seen;
    record.gauge('sync queue', 'entries', atMs, seen.queueLength);
    record.gauge('sync queue lag', 'ms', atMs, seen.oldestAgeMs);
    record.gauge('locks held', 'locks', atMs, locks);
    record.gauge('health', '1 = well', atMs, seen.serving && seen.redisWell && seen.mongoWell ? 1 : 0);
  };
  const looking = (async () => {
    while (!ending.signal.aborted) {
      await look().catch(() => undefined);
      await clock.sleep(periodMs, ending.signal).catch(() => undefined);
    }
  })();
  const [api = ''] = standing.system.apiUrls;
  const [session = ''] = standing.system.sessionIds;
  const url = `${api}/api/sessions/${session}/generals/1`;
  const ended = (operation: Parameters<LiveRecord['add']>[0]): void => record.add(operation);
  const probe =
    probesPerSecond === 0 ? null : startProbe({ url, ratePerSecond: probesPerSecond, clock, ended });

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
        healed.unshift({
          fault: done.fault,
          text: renderHealed(done).slice(done.fault.length).replace(/^, /, ''),
        });
        healed.splice(healedShown);
      },
    },
    read: async () => {
      const nowMs = clock.nowMs();
      return {
        title: `"${options.name}" is up: ${options.scenario}`,
        stage: `for ${seconds(nowMs - startMs)}; ${probesPerSecond} reads a second by a probe`,
        facts: factsOf(standing, health),
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
      await Promise.all([looking, probe?.[Symbol.asyncDispose]()]);
    },
  };
}

function factsOf(standing: StandingSystem, health: Status['health'] | null): LiveState['facts'] {
  const processes = standing.readProcesses().map(({ name, running }) => `${name}${running ? '' : ' (down)'}`);
  const well = (state: boolean | undefined): string => (state === true ? 'well' : 'not reached');
  return [
    { name: 'API', value: health?.serving === true ? 'serving' : 'not serving' },
    { name: 'Redis', value: well(health?.redisWell) },
    { name: 'MongoDB', value: well(health?.mongoWell) },
    { name: 'processes', value: processes.join(', ') },
  ];
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(0)} s`;
}
