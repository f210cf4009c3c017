/** What a turn costs as the game grows, and what a command costs as processes are added: sizes in an order drawn from the seed. */
import { z } from 'zod';
import type { GrowthCampaign, GrowthContext, GrowthMeasurement } from '../../chaos/api/index.ts';
import { adminToken } from '../settings.ts';

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
const processes = 3;

const sessionsSchema = z.array(z.object({ turn: z.number() }));

type Points = GrowthMeasurement['points'];

export const growthCampaign: GrowthCampaign = {
  world: { sessions: 1, ...standard },
  processes: { api: processes, 'db-sync': 1, 'turn-processor': processes },
  // What is measured is what work costs, not how long a request waits for it on a busy machine.
  settings: {
    REQUEST_DEADLINE_MS: '30000',
    DATABASE_NETWORK_TIMEOUT_MS: '20000',
    DATABASE_SELECTION_TIMEOUT_MS: '20000',
    REDIS_COMMAND_TIMEOUT_MS: '5000',
  },
  measure: async (context) => {
    const campaign = new Campaign(context);
    await campaign.begin();
    const generals = await campaign.turns('generals', generalsSizes, (size) => ({
      ...standard,
      generals: size,
    }));
    const nations = await campaign.turns('nations', nationsSizes, (size) => ({ ...standard, nations: size }));
    const sessions = await campaign.ticks();
    const daemons = await campaign.daemons();
    const apis = await campaign.commands();
    return {
      growth: [
        growthOf('generals', 'A turn against the generals of its session', generals.points),
        growthOf('nations', 'A turn against the nations of its session', nations.points),
        growthOf('sessions', 'One turn of every session against their number', sessions),
        growthOf('turn-processors', 'A turn against the number of turn-processors', daemons),
        {
          ...growthOf('api-processes', 'A command against the number of API processes', apis),
          broadcast: true,
        },
      ],
      background: asInProduction(generals.perGeneral),
    };
  },
};

/** The campaign has the API process its turns; in production a turn-processor does, by the same code. */
function asInProduction({ api = 0, ...others }: Readonly<Record<string, number>>): Record<string, number> {
  return { ...others, 'turn-processor': api + (others['turn-processor'] ?? 0) };
}

function growthOf(dimension: string, title: string, points: Points): GrowthMeasurement {
  return { dimension, title, unit: 'processor seconds', points };
}

class Campaign {
  readonly #context: GrowthContext;
  readonly #turns = new Map<string, number>();
  #keys = 0;

  constructor(context: GrowthContext) {
    this.#context = context;
  }

  /** Daemons poll without work, which is not part of the cost; and the first turns include compilation. */
  async begin(): Promise<void> {
    const processors = this.#context.processes.withRole('turn-processor');
    await Promise.all(processors.map((process) => process.stop()));
    await this.#makeSession('warm', standard);
    for (let turn = 1; turn <= warmTurns; turn += 1) await this.#turn('warm');
    await this.#context.drained();
  }

  /** A session of each size, and some turns of each in random order. */
  async turns(name: string, sizes: readonly number[], worldOf: (size: number) => object) {
    for (const size of sizes) await this.#makeSession(`${name}-${size}`, worldOf(size));
    const order = sizes.flatMap((size) => Array.from({ length: turnsEach }, () => size));
    const points: Points[number][] = [];
    const spent: Record<string, number> = {};
    let taken = 0;
    for (const size of this.#context.shuffled(order, name)) {
      const { seconds, byRole } = await this.#context.spent(() => this.#turn(`${name}-${size}`));
      points.push({ size, cost: seconds });
      taken += size;
      for (const [role, cost] of Object.entries(byRole)) spent[role] = (spent[role] ?? 0) + cost;
    }
    this.#context.note(`a turn against ${name}: measured at ${sizes.join(', ')}`);
    const perGeneral = Object.fromEntries(Object.entries(spent).map(([role, cost]) => [role, cost / taken]));
    return { points, perGeneral };
  }

  /** One turn of each of a number of sessions. */
  async ticks(): Promise<Points> {
    const most = Math.max(...sessionsSizes);
    const sessions = Array.from({ length: most }, (_, index) => `tick-${index + 1}`);
    for (const session of sessions) await this.#makeSession(session, { ...standard, generals: 60 });
    const order = sessionsSizes.flatMap((size) => [size, size]);
    const points: Points[number][] = [];
    for (const size of this.#context.shuffled(order, 'ticks')) {
      const { seconds } = await this.#context.spent(async () => {
        for (const session of sessions.slice(0, size)) await this.#turn(session);
      });
      points.push({ size, cost: seconds });
    }
    this.#context.note(`a turn of every session: measured at ${sessionsSizes.join(', ')}`);
    return points;
  }

  /** Turns of sessions that are always due, by more and more daemons, which hinder each other. */
  async daemons(): Promise<Points> {
    const { clock, signal, processes, spent, drained, note } = this.#context;
    const processors = processes.withRole('turn-processor');
    for (let index = 1; index <= busySessions; index += 1)
      await this.#makeSession(`busy-${index}`, { ...standard, generals: busyGenerals, turnPeriodMs: 10 });
    const counts = processors.map((_, index) => index + 1);
    const points: Points[number][] = [];
    for (const size of this.#context.shuffled([...counts, ...counts], 'daemons')) {
      const working = processors.slice(0, size);
      await Promise.all(working.map((process) => process.start()));
      await clock.sleep(settledInMs, signal);
      const before = await this.#turnsDone();
      const { seconds } = await spent(() => clock.sleep(countedMs, signal), { untilDrained: false });
      const turns = (await this.#turnsDone()) - before;
      await Promise.all(working.map((process) => process.stop()));
      await drained();
      if (turns > 0) points.push({ size, cost: seconds / turns });
    }
    note(`a turn against turn-processors: measured at ${counts.join(', ')}`);
    return points;
  }

  /** Commands to one API process while others run beside it, which are told of every change. */
  async commands(): Promise<Points> {
    const { processes, spent, note } = this.#context;
    const apis = processes.withRole('api');
    const counts = apis.map((_, index) => index + 1);
    const points: Points[number][] = [];
    // From all to one: an API process that was started again would first spend what its start costs.
    for (const size of counts.toReversed()) {
      await Promise.all(apis.slice(size).map((process) => process.stop()));
      for (const _ of [1, 2]) {
        const { seconds } = await spent(() => this.#sendCommands());
        points.push({ size, cost: seconds / writesCounted });
      }
    }
    note(`a command against API processes: measured at ${counts.join(', ')}`);
    return points;
  }

  async #sendCommands(): Promise<void> {
    const body = { command: 'train', amount: 1 };
    for (let sent = 0; sent < writesCounted; sent += 1)
      await this.#request(
        `/api/sessions/growth-warm/generals/${1 + (sent % standard.generals)}/actions`,
        body,
      );
  }

  async #makeSession(name: string, world: object): Promise<void> {
    const sessionId = `growth-${name}`;
    await this.#request('/api/admin/sessions', { sessionId, seed: this.#context.seed, ...world });
    this.#turns.set(sessionId, 0);
  }

  async #turn(name: string): Promise<void> {
    const sessionId = `growth-${name}`;
    const turn = (this.#turns.get(sessionId) ?? 0) + 1;
    await this.#request(`/api/sessions/${sessionId}/turns/${turn}`, {});
    this.#turns.set(sessionId, turn);
  }

  async #request(path: string, body: object): Promise<void> {
    const headers = {
      authorization: `Bearer ${adminToken}`,
      'idempotency-key': `growth-${(this.#keys += 1)}`,
    };
    const { status } = await this.#context.http.post(path, body, { headers, deadlineMs: 60_000 });
    if (status < 200 || status > 299) throw new Error(`${path} was answered ${status}`);
  }

  async #turnsDone(): Promise<number> {
    const found = await this.#context.mongo
      .collection<{ _id: string }>('sessions')
      .find({ _id: { $gte: 'growth-busy-', $lt: 'growth-busy-~' } })
      .toArray();
    return sessionsSchema.parse(found).reduce((sum, { turn }) => sum + turn, 0);
  }
}
