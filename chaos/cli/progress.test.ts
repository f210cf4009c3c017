import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import type { Clock } from '../clock.ts';
import { sampleCell } from '../testing/sample/sample.ts';
import { LoadSoFar, showProgress, timeLeftMs } from './progress.ts';

const startMs = 1_000_000;
const plan = sampleCell();
const [down] = sampleCell({ faults: ['redis-down'] }).timeline;
if (down === undefined) throw new Error('a cell under redis-down has a fault');
const { cell } = syntheticCell({ scenario: 'items', fault: 'none', seconds: 2 });

/** Time stands still until it is moved, and a timer goes off when it is moved beyond it. */
function manualClock() {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; callback: () => void }>();
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: () => Promise.reject(new Error('nothing sleeps here')),
    timer: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.add(timer);
      return { [Symbol.dispose]: () => timers.delete(timer) };
    },
  };
  return {
    clock,
    pending: () => timers.size,
    move(byMs: number): void {
      nowMs += byMs;
      for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

function terminalOf(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 200, written, write: (text: string) => written.push(text) };
}

describe('the load so far', () => {
  let folder: string;
  let historyFile: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redcliff-progress-'));
    historyFile = join(folder, 'history.ndjson');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const ends = async (count: number, type: string, endedMs: number): Promise<void> => {
    const operation = { process: 1, f: 'train', type, value: {}, intendedMs: 1, startedMs: 1, endedMs };
    await appendFile(historyFile, `${JSON.stringify(operation)}\n`.repeat(count));
  };

  it('shows the progress, the faults, the rate and the number of errors', async () => {
    const load = new LoadSoFar({ historyFile, startMs, durationMs: 7_000 });
    expect(load.describe(startMs - 500)).toBe('load, about to start');
    await ends(30, 'ok', startMs + 1_000);
    await ends(1, 'info', startMs + 1_500);
    await load.read();
    load.applied('redis-down');
    expect(load.describe(startMs + 2_000)).toBe(
      'load 2 s of 7 s, under redis-down, 16/s, 31 operations, 1 error',
    );
    load.healed('redis-down');
    // Nothing has ended lately: a stall shows as one.
    expect(load.describe(startMs + 6_000)).toBe('load 6 s of 7 s, 0/s, 31 operations, 1 error');
  });
});

describe('the display', () => {
  it('redraws one line on a terminal, with the time left once a cell has ended', () => {
    const time = manualClock();
    const terminal = terminalOf(true);
    const display = showProgress(terminal, time.clock, false);
    const worker = display.worker();
    worker.cellStarted(plan, 0, 4);
    worker.phase('load');
    worker.loadBegun?.({ historyFile: '/nowhere', startMs, durationMs: 7_000 });
    worker.applied(down);
    time.move(2_000);
    expect(terminal.written.at(-1)).toBe(
      '\r\u001b[2K[1/4] items × none: load 2 s of 7 s, under redis-down, 0/s, 0 operations, 0 errors',
    );
    time.move(8_000);
    worker.cellEnded(cell);
    worker.cellStarted(plan, 1, 4);
    expect(terminal.written.at(-1)).toBe('\r\u001b[2K[2/4] items × none: preparing 0 s | about 30 s left');
    display[Symbol.dispose]();
    expect(time.pending()).toBe(0);
  });

  it('writes plain lines elsewhere, and one now and then while a load lasts', () => {
    const time = manualClock();
    const terminal = terminalOf(false);
    using display = showProgress(terminal, time.clock, false);
    const worker = display.worker();
    worker.cellStarted(plan, 0, 1);
    worker.phase('load');
    worker.loadBegun?.({ historyFile: '/nowhere', startMs, durationMs: 60_000 });
    time.move(1_000);
    time.move(14_500);
    time.move(1_000);
    expect(terminal.written).toEqual([
      '[1/1] items × none: preparing\n',
      '[1/1] items × none: load\n',
      '[1/1] items × none: load 16 s of 60 s, 0/s, 0 operations, 0 errors\n',
    ]);
    expect(terminal.written.join('')).not.toContain('\u001b');
  });

  it('has a word for each verdict, and the time left after each cell, where lines are plain', () => {
    const time = manualClock();
    const terminal = terminalOf(false);
    using display = showProgress(terminal, time.clock, false);
    const worker = display.worker();
    worker.cellStarted(plan, 0, 3);
    time.move(30_000);
    worker.cellEnded(cell);
    expect(terminal.written.at(-1)).toMatch(/: held \(I1 [^)]*\), \d+ operations, about 1 min left\n$/);
    const [first, ...others] = cell.verdicts;
    if (first === undefined) throw new Error('a cell has verdicts');
    worker.cellEnded({ ...cell, verdicts: [{ ...first, verdict: 'false' }, ...others] });
    expect(terminal.written.at(-1)).toMatch(/: I1 VIOLATED, I2 held, /);
  });

  it('counts a cell once that runs a second time', () => {
    const time = manualClock();
    const terminal = terminalOf(true);
    using display = showProgress(terminal, time.clock, false);
    const first = display.worker();
    for (const [index, fault] of ['none', 'redis-down', 'redis-slow'].entries()) {
      first.cellStarted(sampleCell({ faults: [fault] }), index, 4);
      time.move(10_000);
      first.cellEnded(cell);
    }
    // A second try has a worker of its own. Two of four cells have ended in 30 seconds, and two are left.
    const again = display.worker();
    again.cellStarted(plan, 0, 4);
    expect(terminal.written.at(-1)).toContain('[1/4] items × none: preparing 0 s | about 30 s left');
    time.move(15_000);
    again.cellEnded(cell);
    // Now three of four in 45 seconds.
    first.cellStarted(sampleCell({ faults: ['mongo-down'] }), 3, 4);
    expect(terminal.written.at(-1)).toContain('[4/4] items × mongo-down: preparing 0 s | about 15 s left');
  });

  it('says nothing when quiet, and has no timer then', () => {
    const time = manualClock();
    const terminal = terminalOf(true);
    using display = showProgress(terminal, time.clock, true);
    const worker = display.worker();
    worker.cellStarted(plan, 0, 1);
    worker.cellEnded(cell);
    display.note('a line');
    expect(terminal.written).toEqual([]);
    expect(time.pending()).toBe(0);
  });
});

describe('the time left', () => {
  it('is computed from the cells that have ended', () => {
    expect(timeLeftMs(10_000, 0, 4)).toBeNull();
    expect(timeLeftMs(20_000, 2, 8)).toBe(60_000);
    expect(timeLeftMs(20_000, 4, 4)).toBe(0);
  });
});
