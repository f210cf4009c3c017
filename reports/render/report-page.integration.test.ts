/** The page in a real browser: what a reader does with eyes and keyboard, in light and dark, wide and narrow. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareReports } from '../compare/compare-reports.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
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
const firstChart = `document.querySelector('#cell-turns-redis-down canvas')`;
const pixels = pixelsOf(firstChart);
const distinctColours = coloursOf(firstChart);
const laneWidth = `document.querySelector('[data-timeline-inner]').clientWidth`;

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
    const path = join(folder, 'report.html');
    await writeFile(
      path,
      renderHtml({ ...report, comparison: compareReports(report, recorded) }, { histories }),
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
      expect(await page.locator('h1').textContent()).toContain('Violated: I1 in turns × redis-down');
      expect(await page.locator('details.cell[open]').getAttribute('id')).toBe('cell-turns-redis-down');
      expect(await page.locator('#cell-turns-redis-down figure.chart figcaption').allTextContents()).toEqual([
        'Latency from the intended start (logarithmic)',
        'Operations ended in each second',
        'Errors by kind in each second',
        'sync queue (entries)',
        'locks held (locks)',
        'health (1 = well)',
      ]);
      expect(await page.locator('#cell-turns-redis-down canvas').count()).toBe(6);
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

  it('zooms into the timeline of a witness', async () => {
    await withPage({}, async (page) => {
      const before = await page.evaluate<number>(laneWidth);
      await page.locator('[data-timeline-zoom]').first().fill('10');
      expect(await page.evaluate<number>(laneWidth)).toBeGreaterThan(5 * before);
      expect(await page.locator('.bar.mine').count()).toBeGreaterThan(0);
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
});
