/** A seeded report of a whole suite, for tests of rendering and comparing and for looking at the page without a run. */
import { judge } from '../checkers/judge.ts';
import type { Operation } from '../history/operation.ts';
import { schemaVersion, type Cell, type FaultRecord, type Gauge, type Report } from '../record/report.ts';
import { seededRandom } from '../statistics/random.ts';
import { summarise } from '../statistics/summarise.ts';
import { syntheticCheckers } from './synthetic-checkers.ts';
import { syntheticEvidence, syntheticLoad } from './synthetic-load.ts';

export interface SyntheticCell {
  readonly scenario: string;
  readonly fault: string;
  readonly seed?: string;
  readonly seconds?: number;
  readonly ratePerSecond?: number;
  readonly slowdown?: number;
  /** What goes wrong: a general loses a turn, an acknowledged order vanishes, the fault has no effect, the harness dies. */
  readonly flaw?: 'lost-turn' | 'lost-write' | 'unobserved' | 'harness';
}

const epochMs = Date.UTC(2026, 5, 1, 12);
const evidenceOf = new Map([
  ['redis-down', '9 connections to Redis before, 0 while it was unreachable'],
  ['redis-slow', 'round trip 0.4 ms before, 93 ms while it was slow'],
  ['redis-restart-empty', '1,204 keys before, 0 after the restart'],
  ['mongo-down', '12 connections to MongoDB before, 0 while it was unreachable'],
  ['turn-processor-killed', 'process 4711 was gone 3 ms after SIGKILL, in the middle of turn 6'],
]);

export function syntheticCell(wanted: SyntheticCell): { cell: Cell; history: Operation[] } {
  const { scenario, fault, seed = '42', seconds = 24, ratePerSecond = 60, slowdown = 1, flaw } = wanted;
  const loadStartMs = epochMs + 4000;
  const faults = faultsOf(fault, loadStartMs, seconds, flaw !== 'unobserved');
  const load = {
    seed: `${seed} ${scenario} ${fault}`,
    loadStartMs,
    seconds,
    ratePerSecond,
    faults,
    slowdown,
  };
  const { history, database } = syntheticLoad(load);
  if (flaw === 'lost-turn')
    spoil(database['generals']?.[4], (general) => {
      general['turns_lived'] = Number(general['turns_lived']) - 1;
      general['last_turn'] = Number(general['last_turn']) - 1;
    });
  if (flaw === 'lost-write')
    spoil(database['generals']?.[7], (general) => {
      general['orders'] = {};
      general['action_count'] = Number(general['action_count']) - 1;
    });
  const evidence = syntheticEvidence(load, database, { scenario, fault });
  const { phases, seconds: perSecond } = summarise(history, faults, loadStartMs, evidence.loadEndMs);
  const failed = flaw === 'harness';
  const cell: Cell = {
    scenario,
    fault,
    seed,
    startedMs: epochMs,
    loadStartMs,
    loadEndMs: evidence.loadEndMs,
    endedMs: evidence.loadEndMs + 3500,
    config: {
      world: { sessions: 2, generals: 12 },
      processes: { api: 2, 'turn-processor': 2, 'db-sync': 1 },
      load: { ratePerSecond, durationMs: seconds * 1000 },
    },
    limits: evidence.limits,
    timeline: faults.map(({ fault, applyAtMs, healAtMs, parameters }) => ({
      fault,
      applyAtMs,
      healAtMs,
      parameters,
    })),
    faults,
    phases: failed ? [] : phases,
    seconds: failed ? [] : perSecond,
    gauges: failed ? [] : gaugesOf(load.seed, faults, loadStartMs, seconds),
    verdicts: failed ? [] : judge(history, evidence, syntheticCheckers),
    thresholds: failed ? [] : [{ metric: 'http_req_failed', expression: 'rate<0.4', verdict: 'true' }],
    recoveryMs: faults.length === 0 || failed ? null : 640 + seededRandom(load.seed).below(900),
    harnessError: failed ? 'redis of the stack ended by itself (exit code 137)' : null,
    folder: `cells/${scenario}-${fault}`,
  };
  return { cell, history };
}

export function syntheticReport(cells: readonly Cell[], overrides: Partial<Report> = {}): Report {
  return {
    schemaVersion,
    id: '2026-06-01T12-00-00-ci',
    command: 'redcliff run --suite ci --seed 42',
    startedAt: new Date(epochMs).toISOString(),
    endedAt: new Date(epochMs + cells.length * 31_000).toISOString(),
    seed: '42',
    commit: '8d304d4c0ffee8d304d4c0ffee8d304d4c0ffee0',
    versions: { node: '24.21.0', redcliff: '0.1.0' },
    provider: {
      name: 'local',
      redis: { kind: 'real', program: 'redis-server', version: '7.0.15' },
      mongo: { kind: 'embedded', program: 'redcliff mongod', version: '0.1.0' },
      toxiproxy: { kind: 'embedded', program: 'redcliff toxiproxy', version: '2.12.0' },
      k6: { kind: 'embedded', program: 'redcliff k6', version: '24.21.0' },
    },
    machine: { platform: 'linux', cpuModel: 'Synthetic CPU', cpus: 2, memoryBytes: 8 * 2 ** 30 },
    cells: [...cells],
    comparison: null,
    exit: { code: 0, reason: 'everything held' },
    ...overrides,
  };
}

function faultsOf(fault: string, loadStartMs: number, seconds: number, observed: boolean): FaultRecord[] {
  if (fault === 'none') return [];
  const applyAtMs = Math.round(seconds * 300);
  const healAtMs = Math.round(seconds * 620);
  const evidence = observed
    ? (evidenceOf.get(fault) ?? 'it had an effect')
    : 'no connection was open when it was applied';
  return [
    {
      fault: fault,
      applyAtMs,
      healAtMs,
      parameters: fault === 'redis-slow' ? { latencyMs: 90, jitterMs: 20 } : {},
      appliedMs: loadStartMs + applyAtMs + 12,
      healedMs: loadStartMs + healAtMs + 9,
      effect: { observed, evidence, measures: {} },
    },
  ];
}

function gaugesOf(
  seed: string,
  faults: readonly FaultRecord[],
  loadStartMs: number,
  seconds: number,
): Gauge[] {
  const random = seededRandom(`gauges ${seed}`);
  const times = Array.from({ length: seconds * 5 }, (_, index) => index * 200);
  const disturbed = (atMs: number): boolean =>
    faults.some(
      (fault) => loadStartMs + atMs >= fault.appliedMs && loadStartMs + atMs <= fault.healedMs + 700,
    );
  const points = (calm: number, wild: number): [number, number][] =>
    times.map((atMs) => [atMs, Math.round((disturbed(atMs) ? wild : calm) * random.next())]);
  return [
    { name: 'sync queue', unit: 'entries', points: points(6, 180) },
    { name: 'locks held', unit: 'locks', points: points(3, 2) },
    {
      name: 'health',
      unit: '1 = well',
      points: times.map((atMs): [number, number] => [atMs, disturbed(atMs) ? 0 : 1]),
    },
  ];
}

function spoil(
  general: Record<string, unknown> | undefined,
  change: (general: Record<string, unknown>) => void,
): void {
  if (general === undefined) throw new RangeError('there is no such general to spoil');
  change(general);
}
