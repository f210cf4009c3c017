/** report.html: the whole report as one page that needs neither network nor server; without JavaScript only the charts are missing. */
import type { Operation } from '../history/operation.ts';
import type { Cell, Report } from '../record/report.ts';
import { cellOutcome, headline, outcomeMarks } from './headline.ts';
import { chartPage } from './html/assets.ts';
import { cellSection } from './html/cell.ts';
import { chartData } from './html/chart-data.ts';
import { comparisonSection } from './html/comparison.ts';
import { renderDocument } from './html/document.ts';
import { environment } from './html/environment.ts';
import { factList } from './html/facts.ts';
import { html, type Markup } from './html/markup.ts';
import { matrix } from './html/matrix.ts';
import { count, instant, minutes } from './html/numbers.ts';

export interface HtmlExtras {
  /** Histories by the cell's `folder`: with one, a witness shows what else happened around it. */
  readonly histories?: ReadonlyMap<string, readonly Operation[]>;
}

const reportPage = chartPage('report', ['open-target.js', 'report-page.js']);
const noHistory: readonly Operation[] = [];

export function renderHtml(report: Report, extras: HtmlExtras = {}): string {
  const { outcome, text } = headline(report);
  const onlyCell = report.cells.length === 1;
  const sections = report.cells.map((cell, index) =>
    cellSection(cell, {
      report,
      index,
      history: extras.histories?.get(cell.folder) ?? noHistory,
      open: onlyCell || cell === firstTrouble(report),
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
    main: html`${matrix(report)} ${comparisonSection(report)}
      <section aria-labelledby="cells-title">
        <h2 id="cells-title">Cells</h2>
        ${sections}
      </section>
      ${environment(report)}`,
    data: { id: 'chart-data', value: report.cells.map(chartData) },
  });
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
  return factList('summary', facts);
}
