/** From a number of users to processes and sizes: what each part would have to do, tried by simulation, and how far beyond the measured load that is. */
import { z } from 'zod';
import { seededRandom } from '../statistics/random.ts';
import { whole } from './answers.ts';
import { usersHeld } from './users-held.ts';
import type { CapacityReport } from './capacity-report.ts';
import { fitLine } from './interval.ts';
import {
  checkModel,
  demandOf,
  hasCosts,
  meets,
  type ModelCheck,
  modelCheckSchema,
  plannedNetwork,
} from './model.ts';
import { simulate } from './simulate.ts';
import type { Slo } from './slo.ts';
import { backgroundPerSecond, requestsPerSecond, type User, writeShareOf } from './user.ts';

const partSchema = z.object({
  /** Role or store. */
  part: z.string(),
  /** Processes; of MongoDB, processors. */
  count: z.int(),
  /** Share of its time that each of them would be busy; null when what it does was not measured. */
  busyShare: z.number().nullable(),
  note: z.string(),
});

export const planSchema = z.object({
  users: z.number(),
  requestsPerSecond: z.number(),
  writesPerSecond: z.number(),
  backgroundPerSecond: z.number(),
  parts: z.array(partSchema),
  redisMemoryBytes: z.number().nullable(),
  databaseBytes: z.number().nullable(),
  /** Null when the target does not say how many connections its processes open. */
  databaseConnections: z.int().nullable(),
  simulated: z.object({ latencyMs: z.number(), busiest: z.string(), meetsSlo: z.boolean() }).nullable(),
  check: modelCheckSchema.nullable(),
  /** Users up to which the plan may be relied on. */
  trustedToUsers: z.number(),
  /** Why it cannot be built; empty when it can. */
  obstacles: z.array(z.string()),
  /** What the plan assumes without evidence. */
  doubts: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;
type Part = Plan['parts'][number];

/** No process is planned to be busier: the rest is for bursts, deployments, and the loss of one of them. */
const busyShareMax = 0.6;
/** Memory and disk are planned with room for fragments, indexes and growth. */
const roomFactor = 1.5;
/** A model that agrees with the measured rates is relied on up to so many times the load that met the objective; one that does not, not beyond it. */
const trustFactor = 2;
const requestsSimulated = 20_000;

export interface PlanRequest {
  readonly users: number;
  readonly slo: Slo;
  readonly user: User;
}

/** The report has to have costs: see `hasCosts`. */
export function planFor(report: CapacityReport, { users, slo, user }: PlanRequest): Plan {
  const planning = new Planning(report, users, user);
  const parts = planning.parts();
  const check = checkModel(report);
  const trustedToUsers = trusted(report, user, check);
  const { obstacles, doubts } = planning;
  if (users > trustedToUsers) doubts.push(beyond(trustedToUsers, user, check));
  if (report.provider.mongo.kind === 'embedded')
    doubts.push(
      'MongoDB was the embedded one: what a real one needs has to be measured with --stack external',
    );
  return {
    users,
    requestsPerSecond: planning.requests,
    writesPerSecond: planning.writes,
    backgroundPerSecond: planning.background,
    parts,
    ...planning.sizes(),
    databaseConnections: planning.connections(parts),
    simulated: check === null || obstacles.length > 0 ? null : simulatePlan(report, parts, planning, slo),
    check,
    trustedToUsers,
    obstacles,
    doubts,
  };
}

/** Users of the rate that met the objective, and beyond it only as far as the model has shown itself right. */
function trusted(report: CapacityReport, user: User, check: ModelCheck | null): number {
  const held = usersHeld(report, user)?.users ?? 0;
  return check?.trusted === true ? trustFactor * held : held;
}

function beyond(trustedToUsers: number, { plural }: User, check: ModelCheck | null): string {
  if (trustedToUsers === 0) return 'no load that met the objective was measured';
  const many = `beyond ${whole(trustedToUsers)} ${plural}`;
  return check?.trusted === true
    ? `${many} it rests on more than ${trustFactor} times the load that met the objective`
    : `${many} it rests on load that was not measured, and on a model that is not trusted`;
}

class Planning {
  readonly obstacles: string[] = [];
  readonly doubts: string[] = [];
  readonly requests: number;
  readonly writes: number;
  readonly background: number;
  readonly users: number;
  readonly user: User;
  readonly #report: CapacityReport;

  constructor(report: CapacityReport, users: number, user: User) {
    this.#report = report;
    this.users = users;
    this.user = user;
    this.requests = requestsPerSecond(user, users);
    this.writes = this.requests * writeShareOf(user);
    this.background = backgroundPerSecond(user, users);
    if (!hasCosts(report)) this.obstacles.push('what requests cost was not measured');
    if (this.background > 0 && demandOf(report, 'background').size === 0)
      this.doubts.push(
        `what background work (${user.background?.unit ?? ''}) costs was not measured, and is left out`,
      );
  }

  parts(): Part[] {
    const { roles, serving, provider } = this.#report;
    const others = Object.keys(roles).filter((role) => role !== serving);
    return [
      this.#servingRole(),
      ...others.flatMap((role) => {
        const seconds = this.#seconds(role);
        if ((seconds ?? 0) === 0 && roles[role]?.processes === 0) return [];
        return [several(role, seconds, roles[role]?.note ?? '')];
      }),
      this.#redis(),
      several(
        'mongodb',
        this.#seconds('mongodb'),
        `processors${provider.mongo.kind === 'embedded' ? ', as the embedded one spends them' : ''}`,
      ),
    ].map((part) => {
      if (part.busyShare === null) this.doubts.push(`how busy ${part.part} would be was not measured`);
      return part;
    });
  }

  /** Processor seconds a second; null when the process was not among those that were measured. */
  #seconds(process: string): number | null {
    const classes = [
      [this.requests - this.writes, demandOf(this.#report, 'read')],
      [this.writes, demandOf(this.#report, 'write')],
      [this.background, demandOf(this.#report, 'background')],
    ] as const;
    if (!classes.some(([, demand]) => demand.has(process))) return null;
    return classes.reduce((sum, [rate, demand]) => sum + rate * (demand.get(process) ?? 0), 0);
  }

  /** Each process spends time on the writes of all others: the more there are, the more in all, and for some loads no number is enough. */
  #servingRole(): Part {
    const { serving, roles } = this.#report;
    const seconds = this.#seconds(serving);
    const heard = this.writes * this.#broadcastSeconds();
    const left = busyShareMax - heard;
    if (left <= 0) {
      this.obstacles.push(
        `each ${serving} process would be busy ${percent(heard)} of the time with the writes of the others, and may be busy ${percent(busyShareMax)}: no number of processes is enough${this.#atMost(heard)}`,
      );
      return { part: serving, count: 1, busyShare: (seconds ?? 0) + heard, note: 'no number is enough' };
    }
    const count = Math.max(1, Math.ceil((seconds ?? 0) / left));
    const busyShare = seconds === null ? null : seconds / count + heard;
    const note = heard > 0 ? `${percent(heard)} of each goes into the writes of the others` : '';
    return { part: serving, count, busyShare, note: note || (roles[serving]?.note ?? '') };
  }

  #redis(): Part {
    const busyShare = this.#seconds('redis');
    if (busyShare !== null && busyShare > busyShareMax)
      this.obstacles.push(
        `Redis would be busy ${percent(busyShare)} of the time, may be busy ${percent(busyShareMax)}, and there is only one of it${this.#atMost(busyShare)}`,
      );
    return { part: 'redis', count: 1, busyShare, note: 'one thread' };
  }

  /** A share that grows in proportion to the users meets its limit at a number of them. */
  #atMost(share: number): string {
    return `; that is the limit at ${whole(Math.floor((this.users * busyShareMax) / share))} ${this.user.plural}`;
  }

  /** Processor time that one write costs each further serving process: the slope over their number, and 0 when chance alone could make it. */
  #broadcastSeconds(): number {
    const points = this.#report.growth.find(({ broadcast }) => broadcast)?.points ?? [];
    if (points.length < 3) return 0;
    const { slope, slopeHalfWidth } = fitLine(points.map(({ size, cost }) => ({ x: size, y: cost })));
    if (slope > slopeHalfWidth) return slope;
    this.doubts.push(
      `what the writes of one ${this.#report.serving} process cost the others cannot be told from chance, and is left out`,
    );
    return 0;
  }

  sizes(): Pick<Plan, 'databaseBytes' | 'redisMemoryBytes'> {
    const { entities } = this.#report.sizes;
    const total = (of: 'cachedBytes' | 'documentBytes'): number | null => {
      const known = entities.flatMap((entity) => {
        const each = entity[of];
        return each === null ? [] : [each * entity.perUser];
      });
      if (known.length === 0) return null;
      return this.users * known.reduce((sum, bytes) => sum + bytes, 0) * roomFactor;
    };
    return { redisMemoryBytes: total('cachedBytes'), databaseBytes: total('documentBytes') };
  }

  connections(parts: readonly Part[]): number | null {
    const { roles } = this.#report;
    const known = parts.flatMap(({ part, count }) => {
      const each = roles[part]?.connections ?? null;
      return each === null ? [] : [count * each];
    });
    return known.length === 0 ? null : known.reduce((sum, connections) => sum + connections, 0);
  }
}

function several(part: string, seconds: number | null, note: string): Part {
  if (seconds === null) return { part, count: 1, busyShare: null, note };
  const count = Math.max(1, Math.ceil(seconds / busyShareMax));
  return { part, count, busyShare: seconds / count, note };
}

function simulatePlan(
  report: CapacityReport,
  parts: readonly Part[],
  { requests, user }: Planning,
  slo: Slo,
): NonNullable<Plan['simulated']> {
  const counts = new Map(parts.map(({ part, count }) => [part, count]));
  const network = plannedNetwork(report, counts, writeShareOf(user));
  const random = seededRandom(`${report.seed}/plan/${requests}`);
  const found = simulate(network, { ratePerSecond: requests, requests: requestsSimulated, random });
  const [busiest] = Object.entries(found.busy).toSorted(([, left], [, right]) => right - left);
  return {
    latencyMs: found.latencyMs(slo.percentile),
    busiest: busiest === undefined ? 'nothing' : `${busiest[0]}, ${percent(busiest[1])} busy`,
    meetsSlo: meets(found, slo),
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
