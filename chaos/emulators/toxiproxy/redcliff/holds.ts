/** Commands and replies that wait in the proxies for the decision of whoever steers the run. */
import type { Clock } from '../../../clock.ts';
import { ApiError } from '../errors.ts';
import type { HeldMessage } from './faults/protocol-fault.ts';
import type { Ending } from './plan.ts';

export type Decision = { readonly decision: 'pass' } | { readonly decision: 'cut'; readonly ending: Ending };

/** One message that waits. */
export interface Hold {
  readonly id: number;
  readonly injection: string;
  readonly side: 'request' | 'reply';
  readonly command: string;
  readonly target: string;
  readonly proxy: string;
  readonly connection: number;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly atMs: number;
}

interface OpenHold {
  readonly hold: Hold;
  readonly message: HeldMessage;
  readonly timer: Disposable;
}

export interface HoldOptions {
  readonly injection: string;
  readonly side: 'request' | 'reply';
  readonly waitMs: number;
  /** What happens when no decision comes in time. */
  readonly otherwise: Decision;
  readonly onExpired: () => void;
}

export class Holds {
  readonly #clock: Clock;
  readonly #open = new Map<number, OpenHold>();
  #waiting: (() => void)[] = [];
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those that wait now, oldest first. One whose connection is over is left out. */
  list(): Hold[] {
    return [...this.#open.values()].filter(({ message }) => !message.gone()).map(({ hold }) => hold);
  }

  /** The same, but not before there is one, for at most `waitMs`. */
  async next(waitMs: number): Promise<Hold[]> {
    if (this.list().length === 0 && waitMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = this.#clock.timer(waitMs, resolve);
        this.#waiting.push(() => {
          timer[Symbol.dispose]();
          resolve();
        });
      });
    }
    return this.list();
  }

  add(message: HeldMessage, { injection, side, waitMs, otherwise, onExpired }: HoldOptions): void {
    this.#count += 1;
    const id = this.#count;
    const timer = this.#clock.timer(waitMs, () => {
      this.#open.delete(id);
      onExpired();
      carryOut(message, otherwise);
    });
    this.#open.set(id, { hold: { id, injection, side, ...message.application }, message, timer });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Throws ApiError holdNotFound, also when the time for a decision is over. */
  decide(id: number, decision: Decision): void {
    const open = this.#open.get(id);
    if (open === undefined || open.message.gone()) throw new ApiError('holdNotFound');
    this.#close(open);
    carryOut(open.message, decision);
  }

  /** Lets everything go that an injection holds. */
  release(injection: string): void {
    for (const open of this.#open.values()) {
      if (open.hold.injection !== injection) continue;
      this.#close(open);
      carryOut(open.message, { decision: 'pass' });
    }
  }

  #close({ hold, timer }: OpenHold): void {
    timer[Symbol.dispose]();
    this.#open.delete(hold.id);
  }
}

function carryOut(message: HeldMessage, decision: Decision): void {
  if (message.gone()) return;
  if (decision.decision === 'pass') message.pass();
  else message.cut(decision.ending);
}
