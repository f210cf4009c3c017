/** Progress of a run: one living line on a terminal, plain lines elsewhere, nothing but the result when quiet. */
import type { Cell, FaultRecord, PlannedFault } from '../../reports/record/report.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import type { CellProgress } from '../experiment/run-cells.ts';
import type { Stack } from '../stack/contract.ts';
import type { Clock } from '../clock.ts';

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const clearLine = '\r\u001b[2K';
const refreshMs = 500;

/** What is shown of one lane: which cell, what it is at, and since when. */
interface Shown {
  prefix: string;
  status: string;
  sinceMs: number;
}

interface Display extends CellProgress, Disposable {
  note(line: string): void;
}

export function showProgress(terminal: Terminal, clock: Clock, quiet: boolean): Display {
  const living = terminal.isTTY === true && !quiet;
  const lanes: Shown[] = [];
  let tick: Disposable | null = null;

  const note = (line: string): void => {
    if (quiet) return;
    terminal.write(living ? `${clearLine}${line}\n` : `${line}\n`);
    redraw();
  };
  const redraw = (): void => {
    const busy = lanes.filter(({ status }) => status !== '');
    if (!living || busy.length === 0) return;
    const nowMs = clock.monotonicMs();
    const line = busy
      .map(({ prefix, status, sinceMs }) => `${prefix} ${status} ${((nowMs - sinceMs) / 1_000).toFixed(0)} s`)
      .join(' | ');
    terminal.write(`${clearLine}${line.slice(0, (terminal.columns ?? 80) - 1)}`);
  };
  const schedule = (): void => {
    if (!living) return;
    tick = clock.timer(refreshMs, () => {
      redraw();
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
      const shown: Shown = { prefix: '', status: '', sinceMs: clock.monotonicMs() };
      lanes.push(shown);
      const show = (text: string): void => {
        if (!living) note(`${shown.prefix} ${text}`);
        shown.status = text;
        shown.sinceMs = clock.monotonicMs();
        redraw();
      };
      return {
        cellStarted: (plan: CellPlan, index: number, total: number) => {
          shown.prefix = `[${index + 1}/${total}] ${plan.experiment.name} × ${plan.outage}:`;
          show('preparing');
        },
        phase: (name: string) => show(name),
        applied: (fault: PlannedFault) => show(`load, ${fault.fault} applied`),
        healed: (fault: FaultRecord) => show(`load, ${fault.fault} healed`),
        cellEnded: (cell: Cell) => {
          shown.status = '';
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

/** One line: the verdicts, how many operations, how long the recovery took. */
export function describeCellEnd(cell: Cell): string {
  if (cell.harnessError !== null) return `HARNESS FAILED: ${cell.harnessError}`;
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
