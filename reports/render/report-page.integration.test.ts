/** The page in a real browser: what a reader does with eyes and keyboard, in light and dark, wide and narrow. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareReports } from '../compare/compare-reports.ts';
import type { Cell } from '../record/report.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { parseTrace } from '../trace/read-trace.ts';
import type { Trace } from '../trace/trace.ts';
import { renderHtml } from './render-html.ts';
import {
  coloursOf,
  contrastProbe,
  hasChromium,
  inChromium,
  launchChromium,
  type Look,
  openAll,
  type PageOptions,
  pageWidth,
  pixelsOf,
  withPage as openAt,
} from './testing/browser.ts';

/* Expressions for the page, as text: they belong to another world, with a document. */
const firstChart = `document.querySelector('#cell-turns-redis-down [data-charts] canvas')`;
const pixels = pixelsOf(firstChart);
const distinctColours = coloursOf(firstChart);
const storyWidth = `document.querySelector('.story-picture').clientWidth`;
const plotPixels = pixelsOf(`document.querySelector('[data-plot] canvas')`);
const storyDetail = '[data-story-detail] p';

/** One command that went wrong in the middle of what the first witness speaks of. */
function traceOf(cell: Cell): Trace {
  const [operation] = cell.verdicts.flatMap(({ witnesses }) =>
    witnesses.flatMap((witness) => witness.operations),
  );
  const startedMs = Number(operation?.['startedMs'] ?? cell.loadStartMs);
  const head = {
    traceVersion: 1,
    fromMs: cell.startedMs,
    toMs: cell.endedMs,
    dropped: [],
    proxies: { 'redis-worker-1': { store: 'redis', process: 'worker-1' } },
  };
  const command = {
    proxy: 'redis-worker-1',
    connection: 3,
    protocol: 'redis',
    command: 'LPOP',
    target: 'jobs',
    arguments: ['jobs'],
    startedMs,
    endedMs: startedMs + 2,
    streamOffset: 0,
    requestBytes: 20,
    replyBytes: 30,
    reply: null,
    error: 'LOADING Redis is loading the dataset in memory',
  };
  return parseTrace([JSON.stringify(head), JSON.stringify(command)]);
}

describe.skipIf(!hasChromium)(`report.html ${inChromium}`, () => {
  let folder: string;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-page-'));
    const built = [
      syntheticCell({ scenario: 'turns', fault: 'none' }),
      syntheticCell({ scenario: 'turns', fault: 'redis-down', flaw: 'lost-turn' }),
      syntheticCell({ scenario: 'reads', fault: 'redis-slow', flaw: 'unobserved' }),
      syntheticCell({ scenario: 'writes', fault: 'mongo-down', flaw: 'harness' }),
    ];
    const report = syntheticReport(built.map(({ cell }) => cell));
    const recorded = syntheticReport([syntheticCell({ scenario: 'turns', fault: 'redis-down' }).cell], {
      id: 'recorded',
    });
    const histories = new Map(built.map(({ cell, history }) => [cell.folder, history]));
    const traces = new Map(built.map(({ cell }) => [cell.folder, traceOf(cell)]));
    const path = join(folder, 'report.html');
    await writeFile(
      path,
      renderHtml({ ...report, comparison: compareReports(report, recorded) }, { histories, traces }),
    );
    address = pathToFileURL(path).href;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const withPage = (options: PageOptions, look: Look): Promise<void> =>
    openAt(browser, address, options, look);

  it('says the verdict first and opens the cell that failed, with its charts drawn', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      expect(await page.locator('h1').textContent()).toContain('I1 in turns × redis-down');
      expect(await page.locator('details.cell[open]').getAttribute('id')).toBe('cell-turns-redis-down');
      expect(await page.locator('#cell-turns-redis-down figure.chart figcaption').allTextContents()).toEqual([
        'Latency from the intended start (logarithmic)',
        'Operations ended in each second',
        'Errors by kind in each second',
        'sync queue (entries)',
        'locks held (locks)',
        'health (1 = well)',
      ]);
      expect(await page.locator('#cell-turns-redis-down [data-charts] canvas').count()).toBe(6);
      expect(await page.evaluate<number>(distinctColours)).toBeGreaterThan(10);
    });
  });

  it('is worked by keyboard: from the matrix into a cell, and its zoom', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      await page.locator('a.field[href="#cell-turns-none"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('#cell-turns-none canvas').first().waitFor();
      expect(await page.evaluate<string>(`document.activeElement.closest('details').id`)).toBe(
        'cell-turns-none',
      );

      const fault = page.locator('#cell-turns-redis-down [data-zoom="fault"]');
      await fault.focus();
      const before = await page.evaluate<string>(pixels);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate<string>(pixels)).not.toBe(before);
      expect(await fault.getAttribute('aria-pressed')).toBe('true');
    });
  });

  it('hides a line by its name in the legend, also from the keyboard', async () => {
    await withPage({}, async (page) => {
      const name = page.locator('#cell-turns-redis-down .u-legend th[role=button]').first();
      await name.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#cell-turns-redis-down .u-legend tr.u-off').count()).toBe(1);
    });
  });

  it('tells a witness as a story that zooms, filters and is gone through by keyboard', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      const before = await page.evaluate<number>(storyWidth);
      await page.locator('[data-story-zoom]').first().fill('10');
      expect(await page.evaluate<number>(storyWidth)).toBeGreaterThan(5 * before);
      expect(await page.locator('.story-event.mine').count()).toBeGreaterThan(0);
      expect(await page.locator('.story-event').count()).toBeGreaterThan(3);

      const moment = page.locator('[data-story-moment]').first();
      await moment.focus();
      await page.keyboard.press('Home');
      expect(await page.locator(storyDetail).first().textContent()).toMatch(/^1 of \d+, /);
      await page.keyboard.press('ArrowRight');
      expect(await page.locator(storyDetail).first().textContent()).toMatch(/^2 of \d+, /);

      await page.locator('[data-story-go]').first().click();
      expect(await page.locator(storyDetail).first().textContent()).toContain('contradicts');
      await page.locator('[data-story-filter]').first().fill('LPOP jobs');
      expect(await page.locator(storyDetail).first().textContent()).toMatch(/^1 of 1, .*LPOP jobs/);
      expect(await page.locator('.story-event').count()).toBe(1);
      await page.locator('[data-story-filter]').first().fill('no such thing');
      expect(await page.locator('[data-story-detail]').first().textContent()).toBe('Nothing matches.');
      expect(await page.locator('.story-name title').allTextContents()).toEqual(
        expect.arrayContaining(['worker-1', 'Redis']),
      );
    });
  });

  it('draws each operation, and goes through them by keyboard', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      const canvas = page.locator('#cell-turns-redis-down [data-plot] canvas');
      await canvas.focus();
      await page.keyboard.press('ArrowRight');
      const told = page.locator('#cell-turns-redis-down [data-plot-told]');
      expect(await told.textContent()).toMatch(/^(ok|fail|info): \S+, ended at [\d.]+ s, took /);
      const before = await page.evaluate<string>(plotPixels);
      await page.keyboard.press('+');
      await expect.poll(() => page.evaluate<string>(plotPixels)).not.toBe(before);
    });
  });

  it('finds cells by name, and those that did not hold', async () => {
    await withPage({}, async (page) => {
      const shown = () => page.locator('.cell:visible').count();
      expect(await shown()).toBe(4);
      await page.locator('[data-matrix-failed]').check();
      expect(await shown()).toBe(3);
      await page.locator('[data-matrix-search]').fill('mongo');
      expect(await shown()).toBe(1);
      expect(await page.locator('[data-matrix-row]:visible').count()).toBe(1);
    });
  });

  it('does not scroll sideways at 360 px with every cell open', async () => {
    await withPage({ viewport: { width: 360, height: 780 } }, async (page) => {
      await page.evaluate(openAll);
      await page.locator('#cell-reads-redis-slow canvas').first().waitFor();
      expect(await page.evaluate<number>(pageWidth)).toBeLessThanOrEqual(360);
    });
  });

  it('draws its charts again in the colours of the dark', async () => {
    await withPage({ colorScheme: 'light' }, async (page) => {
      const before = await page.evaluate<string>(pixels);
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.poll(() => page.evaluate<string>(pixels)).not.toBe(before);
    });
  });

  it.each(['light', 'dark'] as const)('has readable contrast in the %s', async (colorScheme) => {
    await withPage({ colorScheme }, async (page) => {
      await page.evaluate(openAll);
      expect(await page.evaluate<string[]>(contrastProbe)).toEqual([]);
      await page.addStyleTag({ content: '.note { color: #777 !important }' });
      expect(await page.evaluate<string[]>(contrastProbe)).not.toEqual([]);
    });
  });

  it('shows everything but the charts without JavaScript', async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('h1').textContent()).toContain('Violated');
      expect(await page.locator('#cell-turns-redis-down .verdicts tr').count()).toBe(7);
    });
  });

  it('draws 200,000 operations in a page of less than 3 MB', async () => {
    const { cell, history } = syntheticCell({ scenario: 'turns', fault: 'redis-down', flaw: 'lost-turn' });
    const [one] = history;
    if (one === undefined) throw new Error('an empty history');
    const many = Array.from({ length: 200_000 }, (_, index) => ({
      ...one,
      ...history[index % history.length],
      endedMs: cell.loadStartMs + (index * (cell.loadEndMs - cell.loadStartMs)) / 200_000,
    }));
    const path = join(folder, 'many.html');
    const text = renderHtml(syntheticReport([cell]), { histories: new Map([[cell.folder, many]]) });
    expect(text.length).toBeLessThan(3_000_000);
    await writeFile(path, text);
    await openAt(browser, pathToFileURL(path).href, {}, async (page) => {
      const canvas = page.locator('[data-plot] canvas');
      await canvas.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('+');
      expect(
        await page.evaluate<number>(coloursOf(`document.querySelector('[data-plot] canvas')`)),
      ).toBeGreaterThan(3);
    });
  });
});
