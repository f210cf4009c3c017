import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import { systemClock } from '../clock.ts';
import { sampleCell } from '../testing/sample/sample.ts';
import { watchRun } from './watch-run.ts';

const startMs = 1_000_000;
const plan = sampleCell({ faults: ['redis-down'] });
const [down] = plan.timeline;
if (down === undefined) throw new Error('a cell under redis-down has a fault');
const { cell } = syntheticCell({ scenario: 'items', fault: 'redis-down', seconds: 5, flaw: 'lost-turn' });
const [healed] = cell.faults;
if (healed === undefined) throw new Error('the cell has a fault');

test('the cell whose load began last is shown, and everything is passed on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redcliff-watch-'));
  try {
    const told: string[] = [];
    const tell = (what: string) => () => void told.push(what);
    const watch = watchRun(
      {
        stackStarted: tell('stack'),
        leftOut: tell('left out'),
        worker: () => ({
          cellStarted: tell('cell'),
          phase: tell('phase'),
          loadBegun: tell('load'),
          applied: tell('applied'),
          healed: tell('healed'),
          cellEnded: tell('ended'),
        }),
      },
      { ...systemClock, nowMs: () => startMs + 2_000 },
    );
    const worker = watch.progress.worker();
    worker.cellStarted(plan, 0, 3);
    expect(await watch.read()).toBeNull();
    const historyFile = join(folder, 'history.ndjson');
    const operation = {
      process: 1,
      f: 'write',
      value: {},
      intendedMs: startMs,
      startedMs: startMs,
      endedMs: startMs + 900,
    };
    const lines = ['ok', 'ok', 'info'].map((type) => `${JSON.stringify({ ...operation, type })}\n`);
    await writeFile(historyFile, lines.join(''));
    worker.phase('load');
    worker.loadBegun?.({ historyFile, startMs, durationMs: 7_000 });
    worker.applied(down);
    expect(await watch.read()).toMatchObject({
      title: 'items × redis-down',
      stage: 'load',
      facts: expect.arrayContaining([
        { name: 'operations', value: '3' },
        { name: 'not ok', value: '1' },
      ]),
      faults: [{ fault: 'redis-down', inForce: true }],
      data: { second: [0.5, 1.5], ok: [2, 0], info: [1, 0] },
    });
    worker.healed(healed);
    worker.cellEnded(cell);
    expect(await watch.read()).toMatchObject({
      stage: 'ended',
      facts: expect.arrayContaining([
        { name: 'cells ended', value: '1 of 3' },
        { name: 'with a violation', value: '1' },
        { name: 'operations', value: '3' },
      ]),
      faults: [{ fault: 'redis-down', inForce: false, text: expect.stringContaining('effect observed: ') }],
    });
    expect(told).toEqual(['cell', 'phase', 'load', 'applied', 'healed', 'ended']);
    // A second try, by another worker, takes the place of the first.
    const again = watch.progress.worker();
    again.cellStarted(plan, 0, 3);
    again.loadBegun?.({ historyFile, startMs, durationMs: 7_000 });
    const counted = async () => (await watch.read())?.facts.slice(0, 2).map(({ value }) => value);
    expect(await counted()).toEqual(['0 of 3', '0']);
    again.cellEnded({ ...cell, verdicts: [] });
    expect(await counted()).toEqual(['1 of 3', '0']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
