/** How the load of a cell goes, for the line on the terminal: how far it is, at which rate, with how many errors, under which faults. */
import { tailHistory, type HistoryTail } from '../live/history-tail.ts';
import type { LoadBegun } from '../experiment/run-context.ts';

/** The rate is that of the last few seconds: that of all since the start would not show a stall. */
const rateWindowMs = 3_000;

export class LoadSoFar {
  readonly #begun: LoadBegun;
  readonly #tail: HistoryTail;
  readonly #faults: string[] = [];
  #recentEnds: number[] = [];
  #operations = 0;
  #errors = 0;
  #reading: Promise<void> | null = null;

  constructor(begun: LoadBegun) {
    this.#begun = begun;
    this.#tail = tailHistory(begun.historyFile);
  }

  applied(fault: string): void {
    this.#faults.push(fault);
  }

  healed(fault: string): void {
    const index = this.#faults.indexOf(fault);
    if (index >= 0) this.#faults.splice(index, 1);
  }

  /** Takes in what the clients have written since. A look that is still going on is not joined by another. */
  look(): Promise<void> {
    this.#reading ??= this.#takeIn().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #takeIn(): Promise<void> {
    for (const { type, endedMs } of await this.#tail.read()) {
      this.#operations += 1;
      if (type !== 'ok') this.#errors += 1;
      this.#recentEnds.push(endedMs);
    }
  }

  /** `nowMs` is an epoch time. */
  describe(nowMs: number): string {
    const { startMs, durationMs } = this.#begun;
    const sinceMs = nowMs - startMs;
    if (sinceMs < 0) return 'load, about to start';
    this.#recentEnds = this.#recentEnds.filter((endedMs) => endedMs > nowMs - rateWindowMs);
    const windowMs = Math.max(1_000, Math.min(rateWindowMs, sinceMs));
    const faults = this.#faults.length === 0 ? [] : [`under ${this.#faults.join(', ')}`];
    return [
      `load ${seconds(Math.min(sinceMs, durationMs))} of ${seconds(durationMs)}`,
      ...faults,
      `${Math.round((this.#recentEnds.length * 1_000) / windowMs)}/s`,
      `${this.#operations} operations, ${this.#errors} ${this.#errors === 1 ? 'error' : 'errors'}`,
    ].join(', ');
  }
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(0)} s`;
}
