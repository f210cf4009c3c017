/** What the page carries inside it, so that one file is enough and no network is needed: uPlot, our style and script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Markup } from './markup.ts';

export interface Assets {
  readonly style: Markup;
  readonly script: Markup;
}

let loaded: Assets | undefined;

/** In this order each module finds what it imports. */
const modules = ['chart-style.js', 'charts.js', 'report-page.js'];

/** Read on first use. Throws when uPlot is not installed. */
export function pageAssets(): Assets {
  loaded ??= {
    style: new Markup(`${uplotFile('uPlot.min.css')}\n${ownFile('report.css')}`),
    script: new Markup(
      harmless(
        `${uplotFile('uPlot.iife.min.js')}\n(() => {\n'use strict';\n${modules.map(asPart).join('\n')}\n})();`,
      ),
    ),
  };
  return loaded;
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
