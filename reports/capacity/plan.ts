/** From a number of players to processes and sizes: what each part would have to bear, tried by simulation, and how far beyond what was measured that is. */
import { z } from 'zod';
import { seededRandom } from '../statistics/random.ts';
import type { CapacityReport } from './capacity-report.ts';
import { checkModel, classOf, demandOf, fitWait, meets, modelCheckSchema } from './model.ts';
import { mixOfPlayers } from './answers.ts';
import { mean } from './interval.ts';
import { generalTurnsPerSecond, type Player, requestsPerSecond, writeShareOf } from './player.ts';
import { type Network, simulate } from './simulate.ts';

import type { Slo } from './slo.ts';
import { student975 } from './student.ts';

const partSchema = z.object({
  part: z.string(),
  count: z.int(),
  /** Share of its time that each of them would be busy. */
  busyShare: z.number(),
  note: z.string(),
});

export const planSchema = z.object({
  players: z.number(),
  requestsPerSecond: z.number(),
  writesPerSecond: z.number(),
  generalTurnsPerSecond: z.number(),
  parts: z.array(partSchema),
  redisMemoryBytes: z.number().nullable(),
  databaseBytes: z.number().nullable(),
  databaseConnections: z.int(),
  simulated: z.object({ latencyMs: z.number(), busiest: z.string(), meetsSlo: z.boolean() }).nullable(),
  check: modelCheckSchema.nullable(),
  /** Players up to which nothing is asked of any part that is more than twice what was measured. */
  trustedToPlayers: z.number(),
  /** Why this can not be built as it is, or what nobody has seen; empty when it may be trusted. */
  doubts: z.array(z.string()),
  buildable: z.boolean(),
});
export type Plan = z.infer<typeof planSchema>;

/** No process is planned to be busier: the rest is for bursts, deployments, and the loss of one of them. */
const busyShareMax = 0.6;
const poolSize = 20;
/** Memory and disk are planned with room for fragments, indexes and growth. */
const roomFactor = 1.5;
/** Beside generals a session has cities and nations, and values are cached under a second key. */
const cachedValuesPerGeneral = 2;
const trustFactor = 2;
const requestsSimulated = 20_000;

export interface PlanRequest {
  readonly players: number;
  readonly slo: Slo;
  readonly player: Player;
}

export function planFor(report: CapacityReport, { players, slo, player }: PlanRequest): Plan {
  const requests = requestsPerSecond(player, players);
  const writes = requests * writeShareOf(player);
  const turns = generalTurnsPerSecond(player, players);
  const load = { reads: requests - writes, writes, turns };
  const doubts: string[] = [];
  const parts = partsFor(report, load, doubts);
  const check = checkModel(report);
  if (check === null)
    doubts.push(
      'the report has no costs of reads and commands: measure again without --route and --scenario',
    );
  else if (!check.trusted) doubts.push(`the model does not agree with what was measured: ${check.reason}`);
  const trustedToPlayers = trusted(report, player);
  if (players > trustedToPlayers)
    doubts.push(
      `beyond ${round(trustedToPlayers)} players it rests on more than ${trustFactor} times the load that was measured`,
    );
  if (report.provider.mongo.kind === 'embedded')
    doubts.push(
      'MongoDB was the embedded one: what a real one needs has to be measured with --stack external',
    );
  const buildable = !parts.some(({ busyShare }) => busyShare > busyShareMax + 1e-9);
  const api = parts.find(({ part }) => part === 'API processes')?.count ?? 1;
  return {
    players,
    requestsPerSecond: requests,
    writesPerSecond: writes,
    generalTurnsPerSecond: turns,
    parts,
    redisMemoryBytes: bytesFor(players, cachedValuesPerGeneral, report.sizes?.redisBytesPerGeneral ?? null),
    databaseBytes: bytesFor(players, 1, report.sizes?.documentBytesPerGeneral ?? null),
    databaseConnections: parts
      .filter(({ part }) => part !== 'Redis' && part !== 'MongoDB processors')
      .reduce((sum, { count }) => sum + count * poolSize, 0),
    simulated: check === null || !buildable ? null : simulatePlan(report, parts, requests, slo, api),
    check,
    trustedToPlayers,
    doubts,
    buildable,
  };
}

interface PlannedLoad {
  readonly reads: number;
  readonly writes: number;
  /** Generals through a turn, a second. */
  readonly turns: number;
}

type Part = Plan['parts'][number];

function partsFor(report: CapacityReport, load: PlannedLoad, doubts: string[]): Part[] {
  const seconds = (kind: string): number =>
    load.reads * (demandOf(report, 'read').get(kind) ?? 0) +
    load.writes * (demandOf(report, 'write').get(kind) ?? 0);
  const ofTurns = (kind: string): number => load.turns * (demandOf(report, 'turn').get(kind) ?? 0);
  const heard = load.writes * broadcastSeconds(report, doubts);
  const api = apiProcesses(seconds('api'), heard, doubts);
  const redis = seconds('redis') + ofTurns('redis');
  const mongo = seconds('mongodb') + ofTurns('mongodb');
  if (redis > busyShareMax)
    doubts.push(
      `Redis would be busy ${Math.round(100 * redis)} % of its one thread, and the system knows only one Redis`,
    );
  return [
    api,
    // A turn was measured where the API processed it: the same code, whoever runs it.
    several('turn-processors', ofTurns('api'), 'one session at a time each'),
    several('db-sync', seconds('db-sync') + ofTurns('db-sync'), 'saves of one entity stay in order'),
    { part: 'Redis', count: 1, busyShare: redis, note: 'one thread' },
    several(
      'MongoDB processors',
      mongo,
      report.provider.mongo.kind === 'embedded' ? 'as the embedded one spends them' : '',
    ),
  ];
}

function several(part: string, seconds: number, note: string): Part {
  const count = Math.max(1, Math.ceil(seconds / busyShareMax));
  return { part, count, busyShare: seconds / count, note };
}

/** Each process hears of every change: the more of them there are, the more is heard in all, and some load no number of them can bear. */
function apiProcesses(seconds: number, heard: number, doubts: string[]): Part {
  const left = busyShareMax - heard;
  if (left <= 0) {
    doubts.push(
      `each API process would be busy ${Math.round(100 * heard)} % of the time with hearing of the others' changes: no number of them is enough`,
    );
    return { part: 'API processes', count: 1, busyShare: seconds + heard, note: 'no number is enough' };
  }
  const count = Math.max(1, Math.ceil(seconds / left));
  const note = heard > 0 ? `${Math.round(100 * heard)} % of each goes into hearing of changes` : '';
  return { part: 'API processes', count, busyShare: seconds / count + heard, note };
}

/** Processor time that one command costs each further API process: the slope over their number, and nothing when chance alone could make it. */
function broadcastSeconds({ growth }: CapacityReport, doubts: string[]): number {
  const points = growth.find(({ dimension }) => dimension === 'api-processes')?.points ?? [];
  if (points.length < 3) return 0;
  const meanX = mean(points.map(({ size }) => size));
  const meanY = mean(points.map(({ cost }) => cost));
  const spread = points.reduce((sum, { size }) => sum + (size - meanX) ** 2, 0);
  const slope = points.reduce((sum, { size, cost }) => sum + (size - meanX) * (cost - meanY), 0) / spread;
  const left = points.reduce((sum, { size, cost }) => sum + (cost - meanY - slope * (size - meanX)) ** 2, 0);
  const half = student975(points.length - 2) * Math.sqrt(left / (points.length - 2) / spread);
  if (slope > half) return slope;
  doubts.push('what API processes cost each other could not be told from chance, and is left out');
  return 0;
}

function bytesFor(players: number, values: number, each: number | null): number | null {
  return each === null ? null : players * values * each * roomFactor;
}

/** Every process on a processor of its own, the requests spread over all API processes. */
function simulatePlan(
  report: CapacityReport,
  parts: readonly Part[],
  requests: number,
  slo: Slo,
  api: number,
): NonNullable<Plan['simulated']> {
  const mix = mixOfPlayers(report);
  const count = (part: string) => parts.find((one) => one.part === part)?.count ?? 1;
  const wait = mix === null ? 0 : fitWait(report, mix);
  const writeShare = mix?.writeShare ?? 0;
  const network: Network = {
    stations: [
      { name: 'api', instances: api },
      { name: 'redis', instances: 1 },
      { name: 'mongodb', instances: count('MongoDB processors') },
      { name: 'db-sync', instances: count('db-sync') },
    ],
    processors: null,
    classes: [
      classOf('read', 1 - writeShare, demandOf(report, 'read'), wait, 0),
      classOf('write', writeShare, demandOf(report, 'write'), wait, 0),
    ],
  };
  const random = seededRandom(`${report.seed}/plan/${requests}`);
  const found = simulate(network, { ratePerSecond: requests, requests: requestsSimulated, random });
  const [busiest] = Object.entries(found.busy).toSorted(([, left], [, right]) => right - left);
  return {
    latencyMs: found.latencyMs(slo.percentile),
    busiest: busiest === undefined ? 'nothing' : `${busiest[0]}, ${Math.round(100 * busiest[1])} % busy`,
    meetsSlo: meets(found, slo),
  };
}

/** Twice the most that was answered in any step that counts. */
function trusted(report: CapacityReport, player: Player): number {
  const steps = mixOfPlayers(report)?.steps.filter(({ discarded }) => discarded === null) ?? [];
  const top = Math.max(0, ...steps.map(({ throughputPerSecond }) => throughputPerSecond));
  return (trustFactor * top) / requestsPerSecond(player, 1);
}

function round(players: number): string {
  return Number(players.toPrecision(2)).toLocaleString('en-US');
}
