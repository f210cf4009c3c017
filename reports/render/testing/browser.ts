/** A real browser for the tests of the pages, skipped by name where there is none; and a page that complains to nobody and asks nobody. */
import { existsSync, readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);
const switches = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const guardMs = 50_000;

/** For the title of a group of tests. */
export const inChromium = `in Chromium${hasChromium ? '' : ` (skipped: no ${executablePath})`}`;

export type PageOptions = Parameters<Browser['newPage']>[0];
export type Look = (page: Page) => Promise<void>;

/** The caller closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: switches });
}

/** Opens a page in which every wait ends. What its scripts throw, and requests that `allowed` says no to, go into `complaints`. */
export async function openPage(
  browser: Browser,
  options: PageOptions,
  complaints: string[],
  allowed: (url: string) => boolean,
): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(guardMs);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!allowed(request.url())) complaints.push(`asked the network for ${request.url()}`);
  });
  return page;
}

/** Shows a page that lies in a file to `look`; fails when it says anything on the console, throws, or asks the network. */
export async function withPage(
  browser: Browser,
  address: string,
  options: PageOptions,
  look: Look,
): Promise<void> {
  const complaints: string[] = [];
  const page = await openPage(browser, options, complaints, (url) => /^(?:file|data):/.test(url));
  page.on('console', (message) => complaints.push(message.text()));
  try {
    await page.goto(address);
    await look(page);
  } finally {
    await page.close();
  }
  expect(complaints).toEqual([]);
}

/* Expressions for the page, as text: they belong to another world, with a document. */

export const openAll = `for (const details of document.querySelectorAll('details')) details.open = true`;
export const pageWidth = 'document.documentElement.scrollWidth';
/** Texts that are too faint for their ground. */
export const contrastProbe = readFileSync(new URL('../browser/contrast-probe.js', import.meta.url), 'utf8');

/** What is drawn on the canvas that `canvas` gives. */
export function pixelsOf(canvas: string): string {
  return `${canvas}.toDataURL()`;
}

export function coloursOf(canvas: string): string {
  return `(() => {
    const { width, height } = ${canvas};
    const { data } = ${canvas}.getContext('2d').getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`;
}
