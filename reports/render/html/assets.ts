/** What the page carries inside it, so that one file is enough and no network is needed: uPlot, our style and script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Markup } from './markup.ts';

export interface Assets {
  readonly style: Markup;
  readonly script: Markup;
}

/** A page: the modules that make it answer, each after those it imports, and its style beyond that of every page. */
export interface Page {
  readonly name: string;
  readonly scripts: readonly URL[];
  readonly styles: readonly URL[];
}

const loaded = new Map<string, Assets>();

/** A page with the charts of a run. */
export function chartPage(name: string, scripts: readonly string[], styles: readonly string[] = []): Page {
  const modules = ['chart-style.js', 'charts.js', 'cell-charts.js', ...scripts];
  return { name, scripts: modules.map(ownFile), styles: styles.map(ownFile) };
}

/** Read on first use. Throws when uPlot is not installed. */
export function pageAssets(page: Page): Assets {
  const known = loaded.get(page.name);
  if (known !== undefined) return known;
  const scripts = page.scripts.map(asPart).join('\n');
  const styles = [ownFile('report.css'), ...page.styles].map(read);
  const assets = {
    style: new Markup([uplotFile('uPlot.min.css'), ...styles].join('\n')),
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

function ownFile(name: string): URL {
  return new URL(`../browser/${name}`, import.meta.url);
}

function read(file: URL): string {
  return readFileSync(file, 'utf8');
}

/** The modules import only each other and stand in one scope here: their import and export words have to go. */
function asPart(file: URL): string {
  return read(file)
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export /gm, '');
}

/** A script element ends at the first `</script`, wherever it stands. */
function harmless(script: string): string {
  return script.replaceAll('</script', '<\\/script');
}
