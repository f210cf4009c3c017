/** What the page carries inside it, so that one file is enough and no network is needed: uPlot, our style and script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Markup } from './markup.ts';

export interface Assets {
  readonly style: Markup;
  readonly script: Markup;
}

/** A page: the module that makes it answer, and what it needs of style beyond that of every page. */
export interface Page {
  readonly name: string;
  readonly script: string;
  readonly styles: readonly string[];
}

/** In this order each module finds what it imports. */
const modules = ['chart-style.js', 'charts.js', 'cell-charts.js'];
const loaded = new Map<string, Assets>();

export const reportPage: Page = { name: 'report', script: 'report-page.js', styles: [] };

/** Read on first use. Throws when uPlot is not installed. */
export function pageAssets(page: Page): Assets {
  const known = loaded.get(page.name);
  if (known !== undefined) return known;
  const scripts = [...modules, page.script].map(asPart).join('\n');
  const assets = {
    style: new Markup(
      [uplotFile('uPlot.min.css'), ...['report.css', ...page.styles].map(ownFile)].join('\n'),
    ),
    script: new Markup(
      harmless(`${uplotFile('uPlot.iife.min.js')}\n(() => {\n'use strict';\n${scripts}\n})();`),
    ),
  };
  loaded.set(page.name, assets);
  return assets;
}

function uplotFile(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8');
}

function ownFile(name: string): string {
  return readFileSync(new URL(`../browser/${name}`, import.meta.url), 'utf8');
}

/** The modules import only each other and stand in one scope here: their import and export words have to go. */
function asPart(name: string): string {
  return ownFile(name)
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export /gm, '');
}

/** A script element ends at the first `</script`, wherever it stands. */
function harmless(script: string): string {
  return script.replaceAll('</script', '<\\/script');
}
