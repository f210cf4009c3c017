/** The page of a capacity report in a real browser: charts drawn, nothing asked of the network, readable wide and narrow, in light and dark. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderCapacityHtml } from './render-html.ts';
import { syntheticCapacity } from './synthetic-capacity.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const hasChromium = existsSync(executablePath);
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
];
const contrastProbe = readFileSync(new URL('../render/browser/contrast-probe.js', import.meta.url), 'utf8');
const pixels = `document.querySelector('canvas').toDataURL()`;
const colours = `(() => {
  const canvas = document.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
})()`;

describe.skipIf(!hasChromium)(
  `a capacity report in Chromium${hasChromium ? '' : ` (skipped: no ${executablePath})`}`,
  () => {
    let folder: string;
    let browser: Browser;
    let address: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'capacity-page-'));
      const path = join(folder, 'report.html');
      await writeFile(path, renderCapacityHtml(syntheticCapacity()));
      address = pathToFileURL(path).href;
      browser = await chromium.launch({ executablePath, args });
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    });

    async function withPage(
      options: Parameters<Browser['newPage']>[0],
      look: (page: Page) => Promise<void>,
    ): Promise<void> {
      const complaints: string[] = [];
      const page = await browser.newPage(options);
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) complaints.push(`asked the network for ${request.url()}`);
      });
      try {
        await page.goto(address);
        await look(page);
      } finally {
        await page.close();
      }
      expect(complaints).toEqual([]);
    }

    it('gives the four answers and draws every chart', async () => {
      await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
        expect(await page.locator('h1').textContent()).toContain('players at once');
        expect(await page.locator('.answer').count()).toBe(4);
        expect(await page.locator('canvas').count()).toBe(await page.locator('[data-chart]').count());
        expect(await page.evaluate<number>(colours)).toBeGreaterThan(10);
      });
    });

    it('does not scroll sideways at 360 px with everything open', async () => {
      await withPage({ viewport: { width: 360, height: 780 } }, async (page) => {
        await page.evaluate(
          `for (const details of document.querySelectorAll('details')) details.open = true`,
        );
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
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
        await page.evaluate(
          `for (const details of document.querySelectorAll('details')) details.open = true`,
        );
        expect(await page.evaluate<string[]>(contrastProbe)).toEqual([]);
      });
    });
  },
);
