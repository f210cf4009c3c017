/**
 * Several instances of every daemon, killed and paused in an order drawn from a seed. What is killed is started again at once and
 * not waited for, as with a process manager; what is paused continues where it was, often without the lock it had.
 */
import type { Clock } from '../clock.ts';
import type { SeededRandom } from '../random.ts';
import { eventually } from './eventually.ts';
import type { SpawnedProcess } from './spawned-process.ts';
import { launchProcess } from './system-processes.ts';
import type { TestStack } from './test-stack.ts';

const kinds = [
  'auction-processor',
  'battle-processor',
  'db-sync',
  'tournament-processor',
  'turn-processor',
] as const;
const troubles = ['kill', 'pause'] as const;
const betweenTroublesMs = { least: 400, most: 1_200 };
/** Longer than the locks of the tests live, most of the time. */
const pauseMs = { least: 300, most: 2_500 };
const readyGuardMs = 60_000;

interface Member {
  readonly kind: (typeof kinds)[number];
  process: SpawnedProcess;
  kills: number;
  pauses: number;
}

interface CrewOptions {
  readonly stack: TestStack;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly instances: number;
  readonly environment: Readonly<Record<string, string>>;
}

export class StormCrew implements AsyncDisposable {
  readonly #options: CrewOptions;
  readonly #members: readonly Member[];
  readonly #pauses = new Set<Promise<void>>();

  private constructor(options: CrewOptions) {
    this.#options = options;
    this.#members = kinds.flatMap((kind) =>
      Array.from({ length: options.instances }, () => ({
        kind,
        process: this.#launch(kind),
        kills: 0,
        pauses: 0,
      })),
    );
  }

  /** Resolves when all are at work. */
  static async start(options: CrewOptions): Promise<StormCrew> {
    const crew = new StormCrew(options);
    try {
      await crew.#allReady();
      return crew;
    } catch (error) {
      await crew[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What each instance has been through, as `kind: kills, pauses`. */
  get record(): readonly { readonly kind: string; readonly kills: number; readonly pauses: number }[] {
    return this.#members.map(({ kind, kills, pauses }) => ({ kind, kills, pauses }));
  }

  /** The last warnings of each instance, to find out why work was left undone. */
  get complaints(): readonly string[] {
    return this.#members.flatMap(({ kind, process }) =>
      process.lines
        .filter((line) => Number(line['level']) >= 40)
        .slice(-3)
        .map((line) => `${kind}: ${JSON.stringify(line)}`),
    );
  }

  /** Trouble for `durationMs`, and as long as it takes to kill and to pause every instance once. All are at work afterwards. */
  async rage(durationMs: number): Promise<void> {
    const { clock, random } = this.#options;
    const endsAtMs = clock.monotonicMs() + durationMs;
    do {
      for (const { member, trouble } of this.#drawRound()) {
        if (this.#wasThrough && clock.monotonicMs() >= endsAtMs) break;
        await clock.sleep(random.integer(betweenTroublesMs.least, betweenTroublesMs.most));
        if (trouble === 'kill') await this.#kill(member);
        else this.#pause(member);
      }
    } while (clock.monotonicMs() < endsAtMs);
    await Promise.all(this.#pauses);
    await this.#allReady();
  }

  /** The exit statuses of all of `kind`, stopped as an operator stops them; of all daemons without one. */
  async stop(kind?: Member['kind']): Promise<readonly (number | null)[]> {
    const stopped = this.#members.filter((member) => kind === undefined || member.kind === kind);
    return await Promise.all(stopped.map(({ process }) => process.end('SIGTERM')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map(({ process }) => process[Symbol.asyncDispose]()));
    await Promise.all(this.#pauses);
  }

  get #wasThrough(): boolean {
    return this.#members.every(({ kills, pauses }) => kills > 0 && pauses > 0);
  }

  /** Every trouble for every member once, in an order of its own. */
  #drawRound() {
    const { random } = this.#options;
    return this.#members
      .flatMap((member) => troubles.map((trouble) => ({ member, trouble, rank: random.next() })))
      .toSorted((a, b) => a.rank - b.rank);
  }

  #launch(kind: Member['kind']): SpawnedProcess {
    return launchProcess(this.#options.stack, kind, this.#options.environment);
  }

  async #kill(member: Member): Promise<void> {
    await member.process[Symbol.asyncDispose]();
    member.process = this.#launch(member.kind);
    member.kills += 1;
  }

  #pause(member: Member): void {
    const { clock, random } = this.#options;
    const paused = member.process;
    paused.signal('SIGSTOP');
    member.pauses += 1;
    const pause = clock.sleep(random.integer(pauseMs.least, pauseMs.most)).then(() => {
      paused.signal('SIGCONT');
      this.#pauses.delete(pause);
    });
    this.#pauses.add(pause);
  }

  async #allReady(): Promise<void> {
    await Promise.all(
      this.#members.map(async ({ kind, process }) => {
        await eventually(
          `${kind} is at work`,
          () => {
            if (!process.running) throw new Error(`${kind} ended by itself: ${process.stderr}`);
            return process.lines.some((line) => line['msg'] === 'ready');
          },
          readyGuardMs,
        ).catch((cause: unknown) => {
          throw new Error(`${kind}: ${process.stderr}\n${process.output.slice(-2_000)}`, { cause });
        });
      }),
    );
  }
}
