/** report.html of a capacity run: the four answers first, then the charts, then the figures, in one file that needs neither network nor server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { embeddedJson, html, Markup } from '../render/html/markup.ts';
import { bytes, instant, minutes } from '../render/html/numbers.ts';
import { answersOf } from './answers.ts';
import type { CapacityReport } from './capacity-report.ts';
import { type Chart, faultChart, growthChart, mixCharts, routeCharts } from './html/charts.ts';
import { checkModel } from './model.ts';
import { demandTable, faultTable, growthTable, modelTable, routeTable, stepTable } from './html/tables.ts';

export function renderCapacityHtml(report: CapacityReport): string {
  const charts: Chart[] = [];
  const figures = (added: readonly Chart[]): Markup => {
    const places = added.map((chart) => {
      charts.push(chart);
      return html`<figure data-chart="${charts.length - 1}">
        <figcaption>${chart.title}</figcaption>
      </figure>`;
    });
    return html`<div class="capacity-charts">${places}</div>`;
  };
  const sections = [
    ...report.mixes.map(
      (mix) =>
        html`<section>
          <h2>${mix.name}: ${mix.title}, by the rate of arrivals</h2>
          ${figures(mixCharts(mix, report.slo))} ${stepTable(mix.name, mix.steps)}
        </section>`,
    ),
    ...report.routes.map(
      (route) =>
        html`<section>
          <h2>${route.name}: ${route.title}, by concurrency</h2>
          ${figures(routeCharts(route))} ${stepTable(route.name, route.steps)}
        </section>`,
    ),
    report.routes.length === 0
      ? null
      : html`<section>
          <h2>The fitted laws</h2>
          <p class="note">
            X(N) = λN / (1 + σ(N−1) + κN(N−1)), with intervals of 95 %. Beyond twice the concurrency measured
            it is not asked.
          </p>
          ${routeTable(report)}
        </section>`,
    report.faults.length === 0
      ? null
      : html`<section>
          <h2>Under faults</h2>
          ${figures([faultChart(report.faults, report.slo)])} ${faultTable(report)}
          ${report.faults.map((mode) => stepTable(mode.title, mode.steps))}
        </section>`,
    report.growth.length === 0
      ? null
      : html`<section>
          <h2>Growth</h2>
          ${figures(report.growth.map(growthChart))} ${growthTable(report)}
        </section>`,
    report.demands.length === 0
      ? null
      : html`<section>
          <h2>What it costs</h2>
          ${demandTable(report)}
        </section>`,
  ];
  return page(report, [...sections, model(report)], charts);
}

/** Plans are made by `redcliff capacity plan`; here is whether their model agrees with this run. */
function model(report: CapacityReport): Markup | null {
  const check = checkModel(report);
  if (check === null) return null;
  return html`<section>
    <h2>The model that plans are made with</h2>
    <p class="callout ${check.trusted ? 'held' : 'unknown'}">
      ${check.trusted ? '✓ Agrees' : '? Does not agree'} with what was measured: ${check.reason}.
    </p>
    ${modelTable(check)}
  </section>`;
}

function page(
  report: CapacityReport,
  sections: readonly (Markup | null)[],
  charts: readonly Chart[],
): string {
  const answers = answersOf(report);
  const title = answers[0]?.answer ?? 'Capacity';
  const { style, script } = assets();
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title} · Redcliff</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Redcliff <span>capacity report</span></p>
          <h1>${title}</h1>
          <div class="answers">
            ${answers.map(
              ({ question, answer, details }) =>
                html`<section class="answer">
                  <h2>${question}</h2>
                  <p class="strong">${answer}</p>
                  <ul>
                    ${details.map((detail) => html`<li>${detail}</li>`)}
                  </ul>
                </section>`,
            )}
          </div>
          ${report.notes.map((note) => html`<p class="callout unknown">${note}</p>`)}
        </header>
        <main>${sections} ${environment(report)}</main>
        <script type="application/json" id="chart-data">
          ${embeddedJson(charts)}
        </script>
        <script>
          ${script};
        </script>
      </body>
    </html>`;
  return `${text.text}\n`;
}

function environment(report: CapacityReport): Markup {
  const { machine, provider } = report;
  const rows: (readonly [string, string])[] = [
    ['run', report.id],
    ['started', instant(report.startedAt)],
    ['took', minutes(Date.parse(report.endedAt) - Date.parse(report.startedAt))],
    ['seed', report.seed],
    ['commit', report.commit],
    ['stack', provider.name],
    ...(['redis', 'mongo', 'toxiproxy'] as const).map(
      (name) =>
        [name, `${provider[name].program} ${provider[name].version} (${provider[name].kind})`] as const,
    ),
    [
      'machine',
      `${machine.cpus} × ${machine.cpuModel}, ${bytes(machine.memoryBytes)}, ${machine.platform}, nice ${machine.priority}`,
    ],
    ['repeat it with', report.command],
  ];
  return html`<section>
    <h2>Environment</h2>
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function assets(): { readonly style: Markup; readonly script: Markup } {
  const uplot = (name: string) =>
    readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8');
  const own = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const script = `${uplot('uPlot.iife.min.js')}\n(() => {\n'use strict';\n${own('browser/capacity-charts.js')}\n})();`;
  return {
    style: new Markup(
      [uplot('uPlot.min.css'), own('../render/browser/report.css'), own('browser/capacity.css')].join('\n'),
    ),
    // A script element ends at the first `</script`, wherever it stands.
    script: new Markup(script.replaceAll('</script', '<\\/script')),
  };
}
