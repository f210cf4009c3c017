/**
 * Whether report.html stays fluid with a large run: builds the page of a run of so many operations, opens it in Chromium, and measures the
 * longest time in which it did not answer while its charts were drawn, zoomed and searched by the cursor.
 * Run: node reports/bench/page.bench.ts [operations]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { renderHtml } from '../render/render-html.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';

const operations = Number(process.argv[2] ?? 200_000);
const ratePerSecond = 500;
const seconds = Math.ceil(operations / ratePerSecond);
const built = syntheticCell({
  scenario: 'turns',
  fault: 'redis-down',
  flaw: 'lost-turn',
  seconds,
  ratePerSecond,
});
const startedMs = performance.now();
const page = renderHtml(syntheticReport([built.cell]), {
  histories: new Map([[built.cell.folder, built.history]]),
});
console.log(
  `${built.history.length} operations in ${seconds} s: page of ${(page.length / 1e6).toFixed(2)} MB rendered in ${(performance.now() - startedMs).toFixed(0)} ms`,
);

const folder = await mkdtemp(join(tmpdir(), 'page-bench-'));
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  const path = join(folder, 'report.html');
  await writeFile(path, page);
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.addInitScript(`
    window.longestMs = 0;
    let last = performance.now();
    const beat = () => { const now = performance.now(); window.longestMs = Math.max(window.longestMs, now - last); last = now; setTimeout(beat); };
    beat();`);
  const measure = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    await tab.evaluate('window.longestMs = 0');
    await act();
    console.log(
      `${name}: at most ${(await tab.evaluate<number>('window.longestMs')).toFixed(0)} ms without an answer`,
    );
  };
  await tab.goto(pathToFileURL(path).href);
  await tab.locator('canvas').first().waitFor();
  console.log(
    `opened: at most ${(await tab.evaluate<number>('window.longestMs')).toFixed(0)} ms without an answer`,
  );
  console.log(`${await tab.evaluate<number>('document.querySelectorAll("*").length')} elements`);
  for (const phase of ['baseline', 'fault', 'recovery', 'all']) {
    await measure(`zoom to ${phase}`, () => tab.locator(`[data-zoom="${phase}"]`).click());
  }
  await measure('zoom of the timeline', () => tab.locator('[data-timeline-zoom]').first().fill('30'));
  const box = await tab.locator('canvas').first().boundingBox();
  await measure('cursor over a chart', async () => {
    for (let step = 0; step < 100 && box !== null; step += 1) {
      await tab.mouse.move(box.x + 60 + (step * (box.width - 80)) / 100, box.y + 80);
    }
  });
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
