/** Players of one world who use every action, repeat requests until the outcome is known, and record it. */
import type { Clock } from '../clock.ts';
import type { SeededRandom } from '../random.ts';
import type { System } from '../system.ts';
import type { Answer, ApiClient } from './api-client.ts';

const patienceMs = 60_000;
const askAgainMs = 50;
const thinkMs = { least: 20, most: 100 };

export interface WorldSize {
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
  readonly items: number;
}

interface Hire {
  readonly name: string;
  /** Null when an answer was lost and the repetition was refused. */
  readonly hired: boolean | null;
}

interface PlayerOptions {
  readonly api: ApiClient;
  readonly system: System;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly world: string;
  readonly size: WorldSize;
}

export class StormPlayers {
  /** Trainings acknowledged, by the number of the general. */
  readonly trained = new Map<number, number>();
  readonly hires: Hire[] = [];
  readonly #options: PlayerOptions;
  auctions = 0;

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  /** Plays until `stopping`, and resolves when every answer is there. */
  async play(count: number, stopping: AbortSignal): Promise<void> {
    const player = async () => {
      while (!stopping.aborted) {
        await this.#act();
        await this.#options.clock.sleep(this.#options.random.integer(thinkMs.least, thinkMs.most));
      }
    };
    await Promise.all(Array.from({ length: count }, player));
  }

  async destroy(nation: number): Promise<Answer> {
    return (await this.#insist(`nations/${nation}/destroy`, undefined)).answer;
  }

  async #act(): Promise<void> {
    const { random, size } = this.#options;
    const general = random.integer(1, size.generals);
    const [from, to] = [random.integer(1, size.nations), random.integer(1, size.nations)];
    const state = random.pick(['alliance', 'neutral', 'war']);
    await random.pick([
      () => this.#train(general),
      () => this.#train(general),
      () => this.#hire(from),
      () => this.#insist(`cities/${random.integer(1, size.cities)}/occupy`, { general }),
      () => this.#insist('diplomacy', { from, to, state }),
      () => this.#sell(random.integer(1, size.items)),
    ])();
  }

  async #train(no: number): Promise<void> {
    const body = { command: 'train', amount: 1 };
    const { answer } = await this.#insist(`generals/${no}/actions`, body, ({ status }) => status === 200);
    if (answer.status === 200) this.trained.set(no, (this.trained.get(no) ?? 0) + 1);
  }

  async #hire(nation: number): Promise<void> {
    const name = `hired ${this.hires.length} ${this.#options.random.uuid()}`;
    const { answer, sure } = await this.#insist('generals/hire', { nation, name, gold: 10, population: 1 });
    const done = answer.status < 300;
    this.hires.push({ name, hired: done || (sure ? false : null) });
  }

  /** Players do not settle it: the daemon does. */
  async #sell(item: number): Promise<void> {
    const { system, random, world, size } = this.#options;
    const found = await system.collections.items.documents.findOne({ _id: `${world}:i${item}` });
    const body = { seller: found?.owner, item, startingBid: 1, durationMs: random.integer(50, 500) };
    const { answer } = await this.#insist('auctions', body);
    const { auction } = (answer.data ?? {}) as { auction?: string };
    if (auction === undefined) return;
    this.auctions += 1;
    for (const amount of [5, 7]) {
      await this.#insist(`auctions/${auction}/bids`, { bidder: random.integer(1, size.generals), amount });
    }
  }

  /** Under one key until the answer says what became of it. `sure` is false when an earlier answer was lost or left it open. */
  async #insist(
    path: string,
    body: unknown,
    isAnswer: (answer: Answer) => boolean = ({ status }) => status < 500,
  ): Promise<{ readonly answer: Answer; readonly sure: boolean }> {
    const { api, clock, random, world } = this.#options;
    const headers = { 'idempotency-key': random.uuid() };
    const endsAtMs = clock.monotonicMs() + patienceMs;
    for (let sure = true; ; sure = false) {
      const answer = await api.post(`/api/sessions/${world}/${path}`, body, headers);
      if (isAnswer(answer)) return { answer, sure };
      if (clock.monotonicMs() > endsAtMs) throw new Error(`${path}: still ${JSON.stringify(answer.error)}`);
      await clock.sleep(askAgainMs);
    }
  }
}
