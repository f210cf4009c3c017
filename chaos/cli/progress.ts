/**
 * Progress of a run: one living line on a terminal (cell, load, faults, rate, errors so far, time left), plain lines elsewhere, nothing
 * but the result when quiet.
 */
import type { Cell, FaultRecord, PlannedFault } from '../../reports/record/report.ts';
import { firstLine } from '../../reports/render/headline.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import type { CellProgress } from '../experiment/run-cells.ts';
import type { LoadBegun } from '../experiment/run-context.ts';
import type { Stack } from '../stack/contract.ts';
import type { Clock } from '../clock.ts';
import { LoadSoFar } from './load-so-far.ts';
import { describeTimeLeft, timeLeftMs } from './time-left.ts';

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const clearLine = '\r\u001b[2K';
const refreshMs = 500;
/** Where lines are plain, a long load is told of as often as this. */
const plainPeriodMs = 15_000;

/** What is shown of one lane: which cell, what it is at, and since when. */
interface Shown {
  prefix: string;
  status: string;
  sinceMs: number;
  load: LoadSoFar | null;
  /** When the load was told of last, where lines are plain. */
  toldMs: number;
}

interface Display extends CellProgress, Disposable {
  note(line: string): void;
}

export function showProgress(terminal: Terminal, clock: Clock, quiet: boolean): Display {
  const living = terminal.isTTY === true && !quiet;
  const lanes: Shown[] = [];
  const cells = { ended: 0, total: 0, startedMs: clock.monotonicMs() };
  let tick: Disposable | null = null;

  const note = (line: string): void => {
    if (quiet) return;
    terminal.write(living ? `${clearLine}${line}\n` : `${line}\n`);
    redraw();
  };
  const redraw = (): void => {
    const busy = lanes.filter(({ status }) => status !== '');
    if (!living || busy.length === 0) return;
    const leftMs = timeLeftMs(clock.monotonicMs() - cells.startedMs, cells.ended, cells.total);
    const parts = [
      ...busy.map((shown) => `${shown.prefix} ${statusText(shown, clock)}`),
      ...(leftMs === null || cells.total === 1 ? [] : [describeTimeLeft(leftMs)]),
    ];
    terminal.write(`${clearLine}${parts.join(' | ').slice(0, (terminal.columns ?? 80) - 1)}`);
  };
  /** Plain lines tell of a load that lasts; the others of its stages alone. */
  const tellPlainly = (): void => {
    for (const shown of lanes) {
      if (shown.load === null || clock.monotonicMs() - shown.toldMs < plainPeriodMs) continue;
      shown.toldMs = clock.monotonicMs();
      note(`${shown.prefix} ${statusText(shown, clock)}`);
    }
  };
  const schedule = (): void => {
    if (quiet) return;
    tick = clock.timer(refreshMs, () => {
      for (const { load } of lanes) void load?.look().catch(() => undefined);
      if (living) redraw();
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
    lane: () => {
      const shown: Shown = { prefix: '', status: '', sinceMs: clock.monotonicMs(), load: null, toldMs: 0 };
      lanes.push(shown);
      const show = (text: string): void => {
        if (!living) note(`${shown.prefix} ${text}`);
        shown.status = text;
        shown.sinceMs = clock.monotonicMs();
        redraw();
      };
      return {
        cellStarted: (plan: CellPlan, index: number, total: number) => {
          if (cells.total === 0) cells.startedMs = clock.monotonicMs();
          cells.total = total;
          shown.prefix = `[${index + 1}/${total}] ${plan.experiment.name} × ${plan.outage}:`;
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
        applied: (fault: PlannedFault) => {
          shown.load?.applied(fault.fault);
          show(`load, ${fault.fault} applied`);
        },
        healed: (fault: FaultRecord) => {
          shown.load?.healed(fault.fault);
          show(`load, ${fault.fault} healed`);
        },
        cellEnded: (cell: Cell) => {
          cells.ended += 1;
          shown.status = '';
          shown.load = null;
          note(`${shown.prefix} ${describeCellEnd(cell)}`);
        },
      };
    },
    [Symbol.dispose]: () => {
      tick?.[Symbol.dispose]();
      if (living) terminal.write(clearLine);
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
  const verdicts = cell.verdicts.map(({ invariant, verdict }) =>
    verdict === 'true' ? invariant : `${invariant} ${marks[verdict]}`,
  );
  const crossed = cell.thresholds.filter(({ verdict }) => verdict !== 'true');
  const operations = cell.phases.reduce(
    (sum, { operations: { ok, fail, info } }) => sum + ok + fail + info,
    0,
  );
  const allHeld = cell.verdicts.every(({ verdict }) => verdict === 'true');
  return [
    allHeld ? `held ${verdicts.join(' ')}` : verdicts.join(', '),
    ...crossed.map(
      ({ metric, expression, verdict }) =>
        `threshold ${metric} ${expression} ${verdict === 'false' ? 'CROSSED' : 'unknown'}`,
    ),
    `${operations} operations`,
    ...(cell.recoveryMs === null ? [] : [`recovered in ${(cell.recoveryMs / 1_000).toFixed(1)} s`]),
  ].join(', ');
}
