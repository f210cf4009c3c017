/** report.html: the whole report as one page that needs neither network nor server; without JavaScript only the charts are missing. */
import type { Operation } from '../history/operation.ts';
import type { Report } from '../record/report.ts';
import type { Trace } from '../trace/trace.ts';
import { cellOutcome, headline, operationsIn, outcomeMarks, urgencyOf } from './headline.ts';
import { chartPage } from './html/assets.ts';
import { cellSection } from './html/cell.ts';
import { chartData } from './html/chart-data.ts';
import { comparisonSection } from './html/comparison.ts';
import { renderDocument } from './html/document.ts';
import { environment } from './html/environment.ts';
import { explorationSection } from './html/exploration.ts';
import { factList } from './html/facts.ts';
import { html, type Markup } from './html/markup.ts';
import { matrix } from './html/matrix.ts';
import { count, instant, minutes } from './html/numbers.ts';
import { operationPlot } from './html/operation-plot.ts';
import type { Story } from './html/story.ts';

export interface HtmlExtras {
  /** Histories by the cell's `folder`: with one, a witness shows what else happened around it. */
  readonly histories?: ReadonlyMap<string, readonly Operation[]>;
  /** Traces likewise: with one, a witness shows the commands that its requests caused. */
  readonly traces?: ReadonlyMap<string, Trace>;
}

const reportPage = chartPage('report', ['open-target.js', 'story.js', 'operation-plot.js', 'report-page.js']);
const noHistory: readonly Operation[] = [];

export function renderHtml(report: Report, extras: HtmlExtras = {}): string {
  const { outcome, text } = headline(report);
  const onlyCell = report.cells.length === 1;
  const drawn = report.cells.map((cell) => {
    const history = extras.histories?.get(cell.folder) ?? noHistory;
    return { stories: [] as Story[], plot: operationPlot(cell, history), history };
  });
  const sections = report.cells
    .map((cell, index) => ({ cell, index, ...drawn[index] }))
    .toSorted((left, right) => urgencyOf(left.cell) - urgencyOf(right.cell))
    .map(({ cell, index, history = noHistory, stories = [], plot = null }, position) =>
      cellSection(cell, {
        report,
        index,
        history,
        trace: extras.traces?.get(cell.folder),
        stories,
        plot,
        // The first that did not hold.
        open: onlyCell || (position === 0 && cellOutcome(cell) !== 'held'),
      }),
    );
  return renderDocument({
    page: reportPage,
    title: `${outcomeMarks[outcome].sign} ${text} · Redcliff`,
    kind: 'resilience report',
    header: html`<div class="verdict ${outcome}">
        <span class="verdict-sign" aria-hidden="true">${outcomeMarks[outcome].sign}</span>
        <h1>${text}</h1>
      </div>
      ${summary(report)}`,
    main: html`${explorationSection(report)} ${matrix(report)}
      <section aria-labelledby="cells-title">
        <h2 id="cells-title">Cells</h2>
        ${sections}
      </section>
      ${comparisonSection(report)} ${environment(report)}`,
    data: {
      id: 'chart-data',
      value: report.cells.map((cell, index) => ({
        ...chartData(cell),
        stories: drawn[index]?.stories ?? [],
        plot: drawn[index]?.plot ?? null,
      })),
    },
  });
}

function summary(report: Report): Markup {
  const operations = report.cells.reduce((sum, cell) => sum + operationsIn(cell), 0);
  const facts = [
    ['started', instant(report.startedAt)],
    ['took', minutes(Date.parse(report.endedAt) - Date.parse(report.startedAt))],
    ['cells', count(report.cells.length)],
    ['operations', count(operations)],
    ['seed', report.seed],
    ['commit', report.commit.slice(0, 10)],
    ['stack', report.provider.name],
  ] as const;
  return factList('summary', facts);
}
