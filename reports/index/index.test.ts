import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../record/report.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { readRuns } from './read-runs.ts';
import { renderIndex } from './render-index.ts';
import { summariseRun, type RunSummary } from './run-summary.ts';
import { stepsOf } from './steps.ts';
import { trendsOf } from './trends.ts';
import { writeIndex } from './write-index.ts';

const { cell: held } = syntheticCell({ scenario: 'turns', fault: 'redis-down', seconds: 10 });
const { cell: slow } = syntheticCell({ scenario: 'turns', fault: 'redis-down', seconds: 10, slowdown: 40 });
const { cell: broken } = syntheticCell({
  scenario: 'turns',
  fault: 'redis-down',
  seconds: 10,
  flaw: 'lost-turn',
});

function reportNumber(number: number, cell = held, overrides: Partial<Report> = {}): Report {
  const startedAt = `2026-06-0${number}T12:00:00.000Z`;
  return syntheticReport([cell], { id: `2026-06-0${number}T12-00-00-turns`, startedAt, ...overrides });
}

function summaries(reports: readonly Report[]): RunSummary[] {
  return reports.map((report) => summariseRun(report, report.id));
}

const stepsIn = (reports: readonly Report[]) =>
  stepsOf(trendsOf(summaries(reports)).flatMap(({ trends }) => trends));

describe('steps', () => {
  it('are none while a cell stays at its level', () => {
    expect(stepsIn([1, 2, 3, 4, 5].map((number) => reportNumber(number)))).toEqual([]);
  });

  it('show a slow-down from the run on in which it began, for the worse and back', () => {
    const cells = [held, held, held, slow, slow, held, held];
    const steps = stepsIn(cells.map((cell, index) => reportNumber(index + 1, cell)));
    const p50 = steps.filter(({ what }) => what === 'p50 in the baseline');
    expect(p50).toMatchObject([
      { run: 5, direction: 'better', seen: 2 },
      { run: 3, direction: 'worse', scenario: 'turns', fault: 'redis-down', seen: 2 },
    ]);
    expect(
      stepsIn([held, held, slow, slow, slow].map((cell, index) => reportNumber(index + 1, cell))),
    ).toContainEqual(
      expect.objectContaining({ run: 2, what: 'p50 in the baseline', direction: 'worse', seen: 3 }),
    );
  });

  it('show a verdict that got worse at once, and one that came back', () => {
    const steps = stepsIn([held, broken, held].map((cell, index) => reportNumber(index + 1, cell)));
    expect(steps).toMatchObject([
      { run: 2, what: 'outcome', direction: 'better', before: 'violated', after: 'held' },
      { run: 1, what: 'outcome', direction: 'worse', before: 'held', after: 'violated I1', seen: 1 },
    ]);
  });

  it('never compare runs of another machine, load or mutant', () => {
    const machine = { ...reportNumber(1).machine, cpus: 64 };
    const planted = { ...broken, config: { ...broken.config, mutant: 'turn-without-guard' } };
    const others = [
      reportNumber(1),
      reportNumber(2),
      reportNumber(3, slow, { machine }),
      reportNumber(4, planted),
    ];
    expect(stepsIn(others)).toEqual([]);
    const [cell] = trendsOf(summaries(others));
    expect(cell?.all).toHaveLength(4);
    expect(cell?.trends.map(({ points }) => points.length)).toEqual([2, 1, 1]);
  });
});

describe('the folder of all runs', () => {
  let out: string;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'runs-index-'));
  });
  afterEach(() => rm(out, { recursive: true }));

  async function keep(folder: string, text: string | null): Promise<void> {
    await mkdir(join(out, folder, 'cells'), { recursive: true });
    if (text !== null) await writeFile(join(out, folder, 'report.json'), text);
  }

  it('is read in order of time, and nothing damaged in it hides the rest', async () => {
    const text = JSON.stringify(reportNumber(1));
    await keep('2026-06-03T12-00-00-turns', JSON.stringify(reportNumber(3)));
    await keep('2026-06-01T12-00-00-turns', text);
    await keep('2026-06-02T12-00-00-cut', text.slice(0, 500));
    await keep('2026-06-02T13-00-00-older', text.replace('"schemaVersion":2', '"schemaVersion":1'));
    await keep('2026-06-02T14-00-00-foreign', '[1]');
    await keep('2026-06-02T15-00-00-going-on', null);
    await mkdir(join(out, '2026-06-02T16-00-00-reproduce-turns'));
    await keep('somebody-elses', text);
    const { read, unread } = await readRuns(out);
    expect(read.map(({ folder }) => folder)).toEqual([
      '2026-06-01T12-00-00-turns',
      '2026-06-03T12-00-00-turns',
    ]);
    expect(unread.map(({ folder, problem }) => [folder.slice(20), problem.replace(out, '')])).toEqual([
      ['cut', expect.stringContaining('is cut off or damaged')],
      ['older', expect.stringContaining('has schema 1, and this is schema 2')],
      ['foreign', expect.stringContaining('is JSON, but not a report')],
      ['going-on', expect.stringContaining('there is no report.json')],
    ]);
  });

  it('gets a page that leads to each report and names what was not taken in', async () => {
    await keep('2026-06-01T12-00-00-turns', JSON.stringify(reportNumber(1)));
    await keep('2026-06-02T12-00-00-turns', JSON.stringify(reportNumber(2, broken)));
    await keep('2026-06-03T12-00-00-<b>', '{');
    const page = await readFile(await writeIndex(out), 'utf8');
    expect(page).toContain('href="2026-06-02T12-00-00-turns/report.html#cell-turns-redis-down"');
    expect(page).toContain('2026-06-03T12-00-00-&lt;b&gt;');
    expect(page.match(/<(?:link|img|iframe|script)[^>]*(?:href|src)="(?!data:)[^"]*"/g)).toBeNull();
    expect(page.match(/@import|url\(/g)).toBeNull();
  });

  it('is shown for what it is while it is empty', async () => {
    expect(renderIndex(await readRuns(out))).toContain('No run yet');
  });
});
