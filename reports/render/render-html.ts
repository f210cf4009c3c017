/** report.html: the whole report as one page that needs neither network nor server; without JavaScript only the charts are missing. */
import type { Operation } from '../history/operation.ts';
import type { Cell, Report } from '../record/report.ts';
import { cellOutcome, headline, outcomeMarks } from './headline.ts';
import { pageAssets, reportPage } from './html/assets.ts';
import { cellSection } from './html/cell.ts';
import { chartData } from './html/chart-data.ts';
import { comparisonSection } from './html/comparison.ts';
import { environment } from './html/environment.ts';
import { embeddedJson, html, type Markup } from './html/markup.ts';
import { matrix } from './html/matrix.ts';
import { count, instant, minutes } from './html/numbers.ts';

export interface HtmlExtras {
  /** Histories by the cell's `folder`: with one, a witness shows what else happened around it. */
  readonly histories?: ReadonlyMap<string, readonly Operation[]>;
}

const noHistory: readonly Operation[] = [];

export function renderHtml(report: Report, extras: HtmlExtras = {}): string {
  const { outcome, text } = headline(report);
  const { style, script } = pageAssets(reportPage);
  const onlyCell = report.cells.length === 1;
  const sections = report.cells.map((cell, index) =>
    cellSection(cell, {
      report,
      index,
      history: extras.histories?.get(cell.folder) ?? noHistory,
      open: onlyCell || cell === firstTrouble(report),
    }),
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${outcomeMarks[outcome].sign} ${text} · Redcliff</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Redcliff <span>resilience report</span></p>
          <div class="verdict ${outcome}">
            <span class="verdict-sign" aria-hidden="true">${outcomeMarks[outcome].sign}</span>
            <h1>${text}</h1>
          </div>
          ${summary(report)}
        </header>
        <main>
          ${matrix(report)} ${comparisonSection(report)}
          <section aria-labelledby="cells-title">
            <h2 id="cells-title">Cells</h2>
            ${sections}
          </section>
          ${environment(report)}
        </main>
        <script type="application/json" id="chart-data">
          ${embeddedJson(report.cells.map(chartData))}
        </script>
        <script>
          ${script};
        </script>
      </body>
    </html>`;
  return `${page.text}\n`;
}

/** The cell to open at first: the first that did not hold. */
function firstTrouble(report: Report): Cell | undefined {
  const rank = ['violated', 'harness-failed', 'unknown'] as const;
  return rank
    .map((outcome) => report.cells.find((cell) => cellOutcome(cell) === outcome))
    .find((cell) => cell !== undefined);
}

function summary(report: Report): Markup {
  const operations = report.cells
    .flatMap((cell) => cell.phases)
    .reduce((sum, phase) => sum + phase.operations.ok + phase.operations.fail + phase.operations.info, 0);
  const facts = [
    ['started', instant(report.startedAt)],
    ['took', minutes(Date.parse(report.endedAt) - Date.parse(report.startedAt))],
    ['cells', count(report.cells.length)],
    ['operations', count(operations)],
    ['seed', report.seed],
    ['commit', report.commit.slice(0, 10)],
    ['stack', report.provider.name],
  ] as const;
  return html`<dl class="summary">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
