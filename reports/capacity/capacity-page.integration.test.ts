/** The page of a capacity report in a real browser: charts drawn, no network access, readable wide and narrow, in light and dark. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
} from '../render/testing/browser.ts';
import { renderCapacityHtml } from './render-html.ts';
import { syntheticCapacity } from './testing/synthetic-capacity.ts';

const firstChart = `document.querySelector('canvas')`;
const pixels = pixelsOf(firstChart);
const colours = coloursOf(firstChart);

describe.skipIf(!hasChromium)(`a capacity report ${inChromium}`, () => {
  let folder: string;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capacity-page-'));
    const path = join(folder, 'report.html');
    await writeFile(path, renderCapacityHtml(syntheticCapacity()));
    address = pathToFileURL(path).href;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const withPage = (options: PageOptions, look: Look): Promise<void> =>
    openAt(browser, address, options, look);

  it('gives the four answers and draws every chart', async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      expect(await page.locator('h1').textContent()).toContain('shoppers at once');
      expect(await page.locator('.answer').count()).toBe(4);
      expect(await page.locator('canvas').count()).toBe(await page.locator('[data-chart]').count());
      expect(await page.evaluate<number>(colours)).toBeGreaterThan(10);
    });
  });

  it('does not scroll sideways at 360 px with everything open', async () => {
    await withPage({ viewport: { width: 360, height: 780 } }, async (page) => {
      await page.evaluate(openAll);
      expect(await page.evaluate<number>(pageWidth)).toBeLessThanOrEqual(360);
    });
  });

  it('draws its charts again in the colours of the dark mode', async () => {
    await withPage({ colorScheme: 'light' }, async (page) => {
      const before = await page.evaluate<string>(pixels);
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.poll(() => page.evaluate<string>(pixels)).not.toBe(before);
    });
  });

  it.each(['light', 'dark'] as const)('has readable contrast in %s mode', async (colorScheme) => {
    await withPage({ colorScheme }, async (page) => {
      await page.evaluate(openAll);
      expect(await page.evaluate<string[]>(contrastProbe)).toEqual([]);
    });
  });
});
