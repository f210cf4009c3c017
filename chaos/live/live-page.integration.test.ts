/** The live page in a real browser, fed by the real server: figures that move, faults that are shaded, and requests without the secret address that are refused. */
import { get } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasChromium,
  inChromium,
  launchChromium,
  openPage,
  pageWidth,
  pixelsOf,
} from '../../reports/render/testing/browser.ts';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import { systemClock } from '../clock.ts';
import { LiveRecord } from './live-record.ts';
import { type LiveServer, startLiveServer } from './live-server.ts';

const pixels = pixelsOf(`document.querySelector('#charts canvas')`);
const { cell, history } = syntheticCell({ scenario: 'items', fault: 'redis-down', seconds: 20 });

/** A run that stands still until the test moves it on. */
function openShow() {
  const record = new LiveRecord(cell.loadStartMs);
  let nowMs = cell.loadStartMs;
  let added = 0;
  const inForce = new Set<string>();
  return {
    /** To `second` of the load. */
    moveTo(second: number): void {
      nowMs = cell.loadStartMs + second * 1_000;
      for (; (history[added]?.endedMs ?? Infinity) <= nowMs; added += 1) {
        const operation = history[added];
        if (operation !== undefined) record.add(operation);
      }
      record.gauge('queue', 'entries', nowMs, second);
    },
    apply(fault: string): void {
      inForce.add(fault);
      record.applied(fault, nowMs);
    },
    read: async () => ({
      title: 'items × redis-down',
      stage: 'load',
      facts: [{ name: 'Redis', value: inForce.size === 0 ? 'well' : 'not reached' }],
      faults: [...inForce].map((fault) => ({ fault, inForce: true, text: 'since 2 s' })),
      data: record.chartData(nowMs),
    }),
  };
}

/** The status of a request. */
function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  get(url, { headers }, (response) => {
    response.resume();
    resolve(response.statusCode);
  }).on('error', reject);
  return promise;
}

describe('the live server', () => {
  it('answers only to its whole address, and to no other name of this host', async () => {
    await using server = await startLiveServer({ clock: systemClock, read: async () => null });
    const { origin, host, port } = new URL(server.url);
    expect(host).toBe(`127.0.0.1:${port}`);
    expect(await statusOf(server.url)).toBe(200);
    expect(await statusOf(`${origin}/`)).toBe(404);
    expect(await statusOf(`${origin}/${'0'.repeat(32)}/events`)).toBe(404);
    expect(await statusOf(`${server.url}etc/passwd`)).toBe(404);
    expect(await statusOf(server.url, { host: `evil.example:${port}` })).toBe(404);
  });
});

describe.skipIf(!hasChromium)(`the live page ${inChromium}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function openLive(server: LiveServer, width: number, complaints: string[]): Promise<Page> {
    const viewport = { width, height: 800 };
    const page = await openPage(browser, { viewport }, complaints, (url) => url.startsWith(server.url));
    await page.goto(server.url);
    await page.locator('#charts canvas').first().waitFor();
    return page;
  }

  it('shows the figures as they come, and shades a fault as soon as it is there', async () => {
    const complaints: string[] = [];
    const show = openShow();
    show.moveTo(4);
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startLiveServer({ clock: systemClock, read: show.read }));
    const page = await openLive(server, 1_000, complaints);
    stack.defer(() => page.close());
    expect(await page.locator('h1').textContent()).toBe('items × redis-down');
    expect(await page.locator('figure.chart figcaption').allTextContents()).toEqual([
      'Latency from the intended start (logarithmic)',
      'Operations ended in each second',
      'queue (entries)',
    ]);

    const before = await page.evaluate<string>(pixels);
    show.moveTo(6);
    await expect.poll(() => page.evaluate<string>(pixels), { timeout: 30_000 }).not.toBe(before);
    expect(await page.locator('#faults').textContent()).toContain('None so far');

    const calm = await page.evaluate<string>(pixels);
    show.apply('redis-down');
    show.moveTo(9);
    await page.locator('#faults .badge.violated').waitFor();
    await expect.poll(() => page.evaluate<string>(pixels), { timeout: 30_000 }).not.toBe(calm);
    expect(await page.locator('#facts').textContent()).toContain('not reached');
    expect(await page.evaluate<boolean>(isShaded)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('does not scroll sideways at 360 px, and says when what it shows has ended', async () => {
    const complaints: string[] = [];
    const show = openShow();
    show.moveTo(5);
    const server = await startLiveServer({ clock: systemClock, read: show.read });
    const page = await openLive(server, 360, complaints);
    expect(await page.evaluate<number>(pageWidth)).toBeLessThanOrEqual(360);
    await server[Symbol.asyncDispose]();
    await expect.poll(() => page.locator('#stage').textContent(), { timeout: 30_000 }).toContain('Ended');
    expect(await page.locator('#charts canvas').count()).toBe(3);
    await page.close();
    expect(complaints).toEqual([]);
  });
});

/** Whether the first chart has the colour of a shaded fault laid over its ground somewhere. */
const isShaded = `(() => {
  const canvas = document.querySelector('#charts canvas');
  const probe = document.createElement('canvas').getContext('2d');
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--fault-wash').trim();
  probe.fillRect(0, 0, 1, 1);
  const wash = new Uint32Array(probe.getImageData(0, 0, 1, 1).data.buffer)[0];
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).filter((pixel) => pixel === wash).length > 100;
})()`;
