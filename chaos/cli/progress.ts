/**
 * Progress of a run: one line that is redrawn on a terminal (cell, load, faults, rate, errors so far, time left), plain lines elsewhere, nothing
 * but the result when quiet.
 */
import type { Cell, FaultRecord } from '../../reports/record/report.ts';
import { firstLine, operationsIn } from '../../reports/render/headline.ts';
import type { Clock } from '../clock.ts';
import type { PlannedInjection } from '../faults/timeline.ts';
import { type HistoryTail, tailHistory } from '../live/history-tail.ts';
import type { LoadBegun } from '../run/cell-context.ts';
import { type CellPlan, cellName } from '../run/plan.ts';
import type { RunProgress, WorkerProgress } from '../run/progress.ts';
import type { Stack } from '../stack/contract.ts';

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const clearLine = '\r\u001b[2K';
const refreshMs = 500;
/** Where lines are plain, a long load gets a line as often as this. */
const plainPeriodMs = 15_000;

/** What is shown of one worker: which cell, its stage, and since when. */
interface Shown {
  prefix: string;
  status: string;
  sinceMs: number;
  load: LoadSoFar | null;
  /** When the load got its last line, where lines are plain. */
  toldMs: number;
}

export interface Display extends RunProgress, Disposable {
  note(line: string): void;
}

export function showProgress(terminal: Terminal, clock: Clock, quiet: boolean): Display {
  const redrawn = terminal.isTTY === true && !quiet;
  const workers: Shown[] = [];
  // Positions of cells: one that runs a second time counts once.
  const ended = new Set<number>();
  const cells = { total: 0, startedMs: clock.monotonicMs() };
  let tick: Disposable | null = null;

  const note = (line: string): void => {
    if (quiet) return;
    terminal.write(redrawn ? `${clearLine}${line}\n` : `${line}\n`);
    redraw();
  };
  const leftNowMs = () => timeLeftMs(clock.monotonicMs() - cells.startedMs, ended.size, cells.total);
  const redraw = (): void => {
    const busy = workers.filter(({ status }) => status !== '');
    if (!redrawn || busy.length === 0) return;
    const leftMs = leftNowMs();
    const parts = [
      ...busy.map((shown) => `${shown.prefix} ${statusText(shown, clock)}`),
      ...(leftMs === null || cells.total === 1 ? [] : [describeTimeLeft(leftMs)]),
    ];
    terminal.write(`${clearLine}${parts.join(' | ').slice(0, (terminal.columns ?? 80) - 1)}`);
  };
  /** A load that lasts gets plain lines now and then; other stages get one each. */
  const tellPlainly = (): void => {
    for (const shown of workers) {
      if (shown.load === null || clock.monotonicMs() - shown.toldMs < plainPeriodMs) continue;
      shown.toldMs = clock.monotonicMs();
      note(`${shown.prefix} ${statusText(shown, clock)}`);
    }
  };
  const schedule = (): void => {
    if (quiet) return;
    tick = clock.timer(refreshMs, () => {
      for (const { load } of workers) void load?.read().catch(() => undefined);
      if (redrawn) redraw();
      else tellPlainly();
      schedule();
    });
  };
  schedule();
  return {
    note,
    stackStarted: (stack: Stack) => {
      const parts = Object.entries(stack.parts).map(
        ([part, { kind, program, version }]) => `${part}: ${kind} ${program} ${version}`,
      );
      note(`Stack "${stack.provider}" is up (${parts.join(', ')})`);
    },
    leftOut: (reason: string) => note(`Left out: ${reason}`),
    worker: (): WorkerProgress => {
      const shown: Shown = { prefix: '', status: '', sinceMs: clock.monotonicMs(), load: null, toldMs: 0 };
      workers.push(shown);
      let position = 0;
      const show = (text: string): void => {
        if (!redrawn) note(`${shown.prefix} ${text}`);
        shown.status = text;
        shown.sinceMs = clock.monotonicMs();
        redraw();
      };
      return {
        cellStarted: (plan: CellPlan, index: number, total: number) => {
          if (cells.total === 0) cells.startedMs = clock.monotonicMs();
          cells.total = total;
          position = index;
          ended.delete(position);
          shown.prefix = `[${index + 1}/${total}] ${cellName(plan)}:`;
          show('preparing');
        },
        phase: (name: string) => {
          shown.load = null;
          show(name);
        },
        loadBegun: (load: LoadBegun) => {
          shown.load = new LoadSoFar(load);
          shown.toldMs = clock.monotonicMs();
        },
        applied: ({ fault }: PlannedInjection) => {
          shown.load?.applied(fault.name);
          show(`load, ${fault.name} applied`);
        },
        healed: (fault: FaultRecord) => {
          shown.load?.healed(fault.fault);
          show(`load, ${fault.fault} healed`);
        },
        cellEnded: (cell: Cell) => {
          ended.add(position);
          shown.status = '';
          shown.load = null;
          const leftMs = leftNowMs();
          const left = redrawn || leftMs === null || leftMs === 0 ? '' : `, ${describeTimeLeft(leftMs)}`;
          note(`${shown.prefix} ${describeCellEnd(cell)}${left}`);
        },
      };
    },
    [Symbol.dispose]: () => {
      tick?.[Symbol.dispose]();
      if (redrawn) terminal.write(clearLine);
    },
  };
}

function statusText({ load, status, sinceMs }: Shown, clock: Clock): string {
  if (load !== null) return load.describe(clock.nowMs());
  return `${status} ${((clock.monotonicMs() - sinceMs) / 1_000).toFixed(0)} s`;
}

/** One line: the verdicts, how many operations, how long the recovery took. */
export function describeCellEnd(cell: Cell): string {
  if (cell.harnessError !== null) return `HARNESS FAILED: ${firstLine(cell.harnessError)}`;
  const marks = { true: 'held', false: 'VIOLATED', unknown: 'unknown' };
  const verdicts = cell.verdicts.map(({ invariant, verdict }) => `${invariant} ${marks[verdict]}`);
  const crossed = cell.thresholds.filter(({ verdict }) => verdict !== 'true');
  const operations = operationsIn(cell);
  const allHeld = cell.verdicts.every(({ verdict }) => verdict === 'true');
  return [
    allHeld ? `held (${cell.verdicts.map(({ invariant }) => invariant).join(' ')})` : verdicts.join(', '),
    ...crossed.map(
      ({ metric, expression, verdict }) =>
        `threshold ${metric} ${expression} ${verdict === 'false' ? 'CROSSED' : 'unknown'}`,
    ),
    `${operations} operations`,
    ...(cell.recoveryMs === null ? [] : [`recovered in ${(cell.recoveryMs / 1_000).toFixed(1)} s`]),
  ].join(', ');
}

/** The rate is that of the last few seconds: that of all since the start would not show a stall. */
const rateWindowMs = 3_000;

/** How the load of a cell goes: how far it is, at which rate, with how many errors, under which faults. */
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

  /** Reads what the clients have written since; one reading at a time. */
  read(): Promise<void> {
    this.#reading ??= this.#readNew().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readNew(): Promise<void> {
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

/** Null until a cell has ended. `elapsedMs` counts from the start of the first. */
export function timeLeftMs(elapsedMs: number, ended: number, total: number): number | null {
  if (ended === 0 || total === 0) return null;
  return (elapsedMs / ended) * Math.max(0, total - ended);
}

function describeTimeLeft(leftMs: number): string {
  const seconds = Math.round(leftMs / 1_000);
  if (seconds < 60) return `about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}
