/** A clock that moves only when told to, so that hours of a toxic pass in a test at once and exactly. */
import type { Clock } from '../../../clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly callback: () => void;
}

export class ManualClock implements Clock {
  #nowMs = 0;
  #alarms: Alarm[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.timer(delayMs, resolve);
    });
  }

  timer(delayMs: number, callback: () => void): Disposable {
    const alarm = { atMs: this.#nowMs + delayMs, callback };
    this.#alarms.push(alarm);
    return {
      [Symbol.dispose]: () => {
        this.#alarms = this.#alarms.filter((candidate) => candidate !== alarm);
      },
    };
  }

  /** Moves on, ringing every alarm at its time. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#alarms
        .filter((alarm) => alarm.atMs <= untilMs)
        .reduce<Alarm | undefined>(
          (first, alarm) => (first === undefined || alarm.atMs < first.atMs ? alarm : first),
          undefined,
        );
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }

  get pending(): number {
    return this.#alarms.length;
  }
}
