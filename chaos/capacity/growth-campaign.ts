/** What a turn costs as the game grows, and what a command costs as processes are added: sizes in an order drawn from the seed. */
import type { Growth } from '../../reports/capacity/capacity-report.ts';
import { fitGrowth, type GrowthPoint } from '../../reports/capacity/growth.ts';
import { HarnessError } from '../errors.ts';
import { post } from '../experiment/api-client.ts';
import type { RunContext } from '../experiment/run-context.ts';
import { seededRandom } from '../random.ts';
import { type CapacitySystem, openCapacitySystem } from './capacity-system.ts';
import { spentBy } from './resources/spent.ts';
import { shuffled } from './shuffled.ts';

interface GrowthPlan {
  readonly seed: string;
  /** Largest number of processes of a kind. */
  readonly processesMax: number;
  readonly note: (line: string) => void;
}

export interface GrowthFindings {
  readonly growth: Growth[];
  /** Processor seconds by kind of process for one general taken through one turn. */
  readonly turnDemands: Readonly<Record<string, number>>;
}

/** What is measured is what work costs, not how long anybody waits for it on a busy machine. */
const patience = {
  REQUEST_DEADLINE_MS: '30000',
  DATABASE_NETWORK_TIMEOUT_MS: '20000',
  DATABASE_SELECTION_TIMEOUT_MS: '20000',
  REDIS_COMMAND_TIMEOUT_MS: '5000',
};
const generalsSizes = [125, 250, 500, 1_000];
const nationsSizes = [2, 8, 32];
const sessionsSizes = [1, 2, 4, 8];
const turnsEach = 3;
const warmTurns = 5;
const standard = { generals: 120, cities: 30, nations: 6 };
/** The busy sessions of the measurement of daemons: always due, more of them than daemons. */
const busySessions = 6;
const busyGenerals = 60;
const countedMs = 2_500;
const settledInMs = 700;
const writesCounted = 120;

export async function measureGrowth(run: RunContext, plan: GrowthPlan): Promise<GrowthFindings> {
  await using system = await openCapacitySystem(run, {
    name: 'growth',
    world: { sessions: 1, ...standard },
    processes: { api: plan.processesMax, turnProcessor: plan.processesMax, dbSync: 1 },
    settings: patience,
    proxied: false,
    seed: plan.seed,
  });
  const campaign = new GrowthCampaign(run, system, plan);
  await campaign.begin();
  const generals = await campaign.turns('generals', generalsSizes, (size) => ({
    ...standard,
    generals: size,
  }));
  const nations = await campaign.turns('nations', nationsSizes, (size) => ({ ...standard, nations: size }));
  const sessions = await campaign.ticks();
  const daemons = await campaign.daemons();
  const apis = await campaign.commands();
  const growth = [
    growthOf('generals', 'A turn against the generals of its session', generals.points),
    growthOf('nations', 'A turn against the nations of its session', nations.points),
    growthOf('sessions', 'One turn of every session against their number', sessions),
    growthOf('turn-processors', 'A turn against the number of turn-processors', daemons),
    growthOf('api-processes', 'A command against the number of API processes', apis),
  ];
  return { growth, turnDemands: generals.perGeneral };
}

function growthOf(dimension: string, title: string, points: readonly GrowthPoint[]): Growth {
  return { dimension, title, unit: 'processor seconds', points: [...points], fit: fitGrowth(points) };
}

class GrowthCampaign {
  readonly #run: RunContext;
  readonly #system: CapacitySystem;
  readonly #plan: GrowthPlan;
  readonly #turns = new Map<string, number>();
  #keys = 0;

  constructor(run: RunContext, system: CapacitySystem, plan: GrowthPlan) {
    this.#run = run;
    this.#system = system;
    this.#plan = plan;
  }

  get #apiUrl(): string {
    return this.#system.system.apiUrls[0] ?? '';
  }

  /** The daemons look for work also when there is none, which is nobody's cost; and the first turns cost what compiling them costs. */
  async begin(): Promise<void> {
    const processors = this.#system.system.processes.ofKind('turn-processor');
    await Promise.all(processors.map((process) => process.stop()));
    await this.#makeSession('warm', standard);
    for (let turn = 1; turn <= warmTurns; turn += 1) await this.#turn('warm');
    await this.#system.settle();
  }

  /** A session of each size, and some turns of each in random order. */
  async turns(name: string, sizes: readonly number[], worldOf: (size: number) => object) {
    for (const size of sizes) await this.#makeSession(`${name}-${size}`, worldOf(size));
    const order = sizes.flatMap((size) => Array.from({ length: turnsEach }, () => size));
    const points: GrowthPoint[] = [];
    const spent: Record<string, number> = {};
    let taken = 0;
    for (const size of this.#shuffled(order, name)) {
      const { seconds, byKind } = await this.#spent(() => this.#turn(`${name}-${size}`));
      points.push({ size, cost: seconds });
      taken += size;
      for (const [kind, cost] of Object.entries(byKind)) spent[kind] = (spent[kind] ?? 0) + cost;
    }
    this.#plan.note(`a turn against ${name}: measured at ${sizes.join(', ')}`);
    const perGeneral = Object.fromEntries(Object.entries(spent).map(([kind, cost]) => [kind, cost / taken]));
    return { points, perGeneral };
  }

  /** One turn of each of so many sessions. */
  async ticks(): Promise<GrowthPoint[]> {
    const most = Math.max(...sessionsSizes);
    const sessions = Array.from({ length: most }, (_, index) => `tick-${index + 1}`);
    for (const session of sessions) await this.#makeSession(session, { ...standard, generals: 60 });
    const order = sessionsSizes.flatMap((size) => [size, size]);
    const points: GrowthPoint[] = [];
    for (const size of this.#shuffled(order, 'ticks')) {
      const { seconds } = await this.#spent(async () => {
        for (const session of sessions.slice(0, size)) await this.#turn(session);
      });
      points.push({ size, cost: seconds });
    }
    this.#plan.note(`a turn of every session: measured at ${sessionsSizes.join(', ')}`);
    return points;
  }

  /** Turns of sessions that are always due, by more and more daemons: what they cost by getting into each other's way. */
  async daemons(): Promise<GrowthPoint[]> {
    const { clock, signal } = this.#run;
    const processors = this.#system.system.processes.ofKind('turn-processor');
    for (let index = 1; index <= busySessions; index += 1)
      await this.#makeSession(`busy-${index}`, { ...standard, generals: busyGenerals, turnPeriodMs: 10 });
    const counts = processors.map((_, index) => index + 1);
    const points: GrowthPoint[] = [];
    for (const size of this.#shuffled([...counts, ...counts], 'daemons')) {
      const working = processors.slice(0, size);
      await Promise.all(working.map((process) => process.start()));
      await clock.sleep(settledInMs, signal);
      const before = await this.#turnsDone();
      const { seconds } = await this.#spent(() => clock.sleep(countedMs, signal), false);
      const turns = (await this.#turnsDone()) - before;
      await Promise.all(working.map((process) => process.stop()));
      await this.#system.settle();
      if (turns > 0) points.push({ size, cost: seconds / turns });
    }
    this.#plan.note(`a turn against turn-processors: measured at ${counts.join(', ')}`);
    return points;
  }

  /** Commands to one API process while others run beside it and have to hear of every change. */
  async commands(): Promise<GrowthPoint[]> {
    const apis = this.#system.system.processes.ofKind('api');
    const counts = apis.map((_, index) => index + 1);
    const [session = ''] = this.#system.system.sessionIds;
    const points: GrowthPoint[] = [];
    // From all to one, twice: an API process that is started again first does what it does at its start.
    for (const size of counts.toReversed()) {
      await Promise.all(apis.slice(size).map((process) => process.stop()));
      for (const _ of [1, 2]) {
        const { seconds } = await this.#spent(() => this.#sendCommands(session));
        points.push({ size, cost: seconds / writesCounted });
      }
    }
    this.#plan.note(`a command against API processes: measured at ${counts.join(', ')}`);
    return points;
  }

  async #sendCommands(session: string): Promise<void> {
    const body = { command: 'train', amount: 1 };
    for (let sent = 0; sent < writesCounted; sent += 1)
      await this.#request(
        `/api/sessions/${session}/generals/${1 + (sent % standard.generals)}/actions`,
        body,
      );
  }

  async #makeSession(name: string, world: object): Promise<void> {
    const sessionId = `growth-${name}`;
    await this.#request('/api/admin/sessions', { sessionId, seed: this.#plan.seed, ...world });
    this.#turns.set(sessionId, 0);
  }

  async #turn(name: string): Promise<void> {
    const sessionId = `growth-${name}`;
    const turn = (this.#turns.get(sessionId) ?? 0) + 1;
    await this.#request(`/api/sessions/${sessionId}/turns/${turn}`, {});
    this.#turns.set(sessionId, turn);
  }

  async #request(path: string, body: object): Promise<void> {
    const key = `growth-${(this.#keys += 1)}`;
    const { status } = await post(`${this.#apiUrl}${path}`, body, key, this.#run.signal);
    if (status < 200 || status > 299)
      throw new HarnessError(
        `measuring growth, ${path} was answered ${status}`,
        'the logs of the system are in the folder of the run',
      );
  }

  /** With what the queue to the database still had to do afterwards, unless the work goes on by itself. */
  #spent(work: () => Promise<void>, untilSettled = true) {
    return spentBy(this.#run.reaper.runId, async () => {
      await work();
      if (untilSettled) await this.#system.settle();
    });
  }

  async #turnsDone(): Promise<number> {
    const sessions = await this.#system.observer.database
      .collection<{ _id: string; turn: number }>('sessions')
      .find({ _id: { $gte: 'growth-busy-', $lt: 'growth-busy-~' } })
      .toArray();
    return sessions.reduce((sum, { turn }) => sum + turn, 0);
  }

  #shuffled<T>(items: readonly T[], label: string): T[] {
    return shuffled(items, seededRandom(`${this.#plan.seed}/growth/${label}`));
  }
}
