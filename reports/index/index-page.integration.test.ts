/** The page of all runs in a real browser: steps to be seen, keyboard, narrow and dark, and links that lead to the reports. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../render/render-html.ts';
import {
  contrastProbe,
  hasChromium,
  inChromium,
  launchChromium,
  type Look,
  type PageOptions,
  pageWidth,
  withPage as openAt,
} from '../render/testing/browser.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { writeIndex } from './write-index.ts';

const runsKept = 8;
/** From this run on everything is slower. */
const slowFrom = 6;
const openCell = '#trend-cell-turns-redis-down';

describe.skipIf(!hasChromium)(`index.html ${inChromium}`, () => {
  let folder: string;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'index-page-'));
    for (let number = 1; number <= runsKept; number += 1) {
      const id = `2026-06-0${number}T12-00-00-000-suite`;
      const slowdown = number >= slowFrom ? 30 : 1;
      const cells = [
        syntheticCell({ scenario: 'turns', fault: 'none', seconds: 10 }).cell,
        syntheticCell({ scenario: 'turns', fault: 'redis-down', seconds: 10, slowdown }).cell,
      ];
      const report = syntheticReport(cells, { id, startedAt: `2026-06-0${number}T12:00:00.000Z` });
      await mkdir(join(folder, id));
      await writeFile(join(folder, id, 'report.json'), JSON.stringify(report));
      if (number === runsKept) await writeFile(join(folder, id, 'report.html'), renderHtml(report));
    }
    address = pathToFileURL(await writeIndex(folder)).href;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const withPage = (options: PageOptions, look: Look): Promise<void> =>
    openAt(browser, address, options, look);

  it('names the step, opens its cell with the charts drawn, and leads to the report of the run', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      const step = page.locator('.steps li').first();
      expect(await step.textContent()).toMatch(
        /worse\s+turns × redis-down since\s+run 6:.*p50 in the baseline/s,
      );
      expect(await page.locator('details.cell[open]').getAttribute('id')).toBe(openCell.slice(1));
      expect(await page.locator(`${openCell} canvas`).count()).toBe(4);
      await page.locator('.matrix.runs a.tile').nth(runsKept).click();
      await page.locator('details.cell[open] canvas').first().waitFor();
      expect(page.url()).toMatch(/06-08T12-00-00-000-suite\/report\.html#cell-turns-redis-down$/);
    });
  });

  it('draws the regression as a step: a line that changes its height once, and is marked there', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      expect(await page.evaluate<number[]>(heightsOfBaseline)).toHaveLength(2);
    });
  });

  it('is worked by keyboard, from the table into a cell', async () => {
    await withPage({}, async (page) => {
      await page.locator('a[href="#trend-cell-turns-none"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('#trend-cell-turns-none canvas').first().waitFor();
      expect(await page.evaluate<string>(`document.activeElement.closest('details').id`)).toBe(
        'trend-cell-turns-none',
      );
    });
  });

  it('does not scroll sideways at 360 px', async () => {
    await withPage({ viewport: { width: 360, height: 780 } }, async (page) => {
      await page.locator(`${openCell} canvas`).first().waitFor();
      expect(await page.evaluate<number>(pageWidth)).toBeLessThanOrEqual(360);
    });
  });

  it.each(['light', 'dark'] as const)('has readable contrast in the %s', async (colorScheme) => {
    await withPage({ colorScheme }, async (page) => {
      expect(await page.evaluate<string[]>(contrastProbe)).toEqual([]);
    });
  });
});

/** The levels at which the line of the baseline is drawn in the first chart, in rows of pixels: as many as its long horizontal parts have. */
const heightsOfBaseline = `(() => {
  const canvas = document.querySelector('${openCell} canvas');
  const probe = document.createElement('canvas').getContext('2d');
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--chart-p50').trim();
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const rows = [];
  for (let y = 0; y < height; y += 1) {
    let found = 0;
    for (let x = 0; x < width; x += 1) {
      const at = 4 * (y * width + x);
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found += 1;
    }
    // A line as wide as two runs at least, and not the next row of pixels of the same line.
    if (found > width / 8 && y - (rows.at(-1) ?? -9) > 3) rows.push(y);
  }
  return rows;
})()`;
