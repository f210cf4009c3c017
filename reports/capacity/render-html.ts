/** report.html of a capacity run: the four answers, the charts, the figures, in one file that needs neither network nor server. */
import type { Page } from '../render/html/assets.ts';
import { renderDocument } from '../render/html/document.ts';
import { factList } from '../render/html/facts.ts';
import { html, type Markup } from '../render/html/markup.ts';
import { bytes, instant, minutes } from '../render/html/numbers.ts';
import { answersOf } from './answers.ts';
import type { CapacityReport } from './capacity-report.ts';
import { type Chart, faultChart, growthChart, mixCharts, routeCharts } from './html/charts.ts';
import { checkModel } from './model.ts';
import { demandTable, faultTable, growthTable, modelTable, routeTable, stepTable } from './html/tables.ts';

const own = (name: string): URL => new URL(`browser/${name}`, import.meta.url);
const capacityPage: Page = {
  name: 'capacity',
  scripts: [own('capacity-charts.js')],
  styles: [own('capacity.css')],
};

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
            X(N) = λN / (1 + σ(N−1) + κN(N−1)), with intervals of 95 %. It is not used beyond twice the
            concurrency measured.
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
  return renderDocument({
    page: capacityPage,
    title: `${title} · Redcliff`,
    kind: 'capacity report',
    header: html`<h1>${title}</h1>
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
      ${report.notes.map((note) => html`<p class="callout unknown">${note}</p>`)}`,
    main: html`${sections} ${environment(report)}`,
    data: { id: 'chart-data', value: charts },
  });
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
    ${factList('facts', rows)}
  </section>`;
}
