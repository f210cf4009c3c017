/** Cell × run at a glance: a row for each cell, a column for each run, newest first, in each field how the cell came out. */
import { outcomeMarks } from '../render/headline.ts';
import { html, type Markup } from '../render/html/markup.ts';
import { cellId } from '../render/html/matrix.ts';
import { instant } from '../render/html/numbers.ts';
import { scrollTable } from '../render/html/table.ts';
import type { RunSummary } from './run-summary.ts';
import type { CellTrends } from './trends.ts';

const columnsMax = 40;

export function runsMatrix(cells: readonly CellTrends[], runs: readonly RunSummary[]): Markup | null {
  if (cells.length === 0) return null;
  const shown = [...runs.entries()].slice(-columnsMax).toReversed();
  const heads = shown.map(
    ([index, { folder, startedAt }]) =>
      html`<th scope="col">
        <a href="${folder}/report.html" title="${instant(startedAt)}">${index + 1}</a>
      </th>`,
  );
  const rows = cells.map(
    (cell) =>
      html`<tr>
        <th scope="row"><a href="#trend-${cellId(cell)}">${cell.scenario} × ${cell.fault}</a></th>
        ${shown.map(([index, run]) => field(cell, index, run))}
      </tr>`,
  );
  return html`<section aria-labelledby="matrix-title">
    <h2 id="matrix-title">Cell × run, newest first</h2>
    ${scrollTable({ name: { headingId: 'matrix-title' }, kind: 'matrix runs', columns: [html`<td></td>`, ...heads], rows })}
    <p class="legend">
      ✓ held, ✗ violated, ? unknown, ! the harness failed; underlined: with a mutant. An empty field was not
      run. Each leads to its report.
    </p>
  </section>`;
}

function field(cell: CellTrends, run: number, { folder, startedAt }: RunSummary): Markup {
  const point = cell.all.find((candidate) => candidate.run === run)?.cell;
  if (point === undefined) return html`<td class="empty"><span class="unseen">not run</span></td>`;
  const { sign, word } = outcomeMarks[point.outcome];
  const { mutant } = point.kind.load;
  const planted = typeof mutant === 'string' ? `, mutant: ${mutant}` : '';
  const told = [word, ...point.broken].join(' ') + planted;
  return html`<td>
    <a
      class="tile ${point.outcome}${planted === '' ? '' : ' planted'}"
      href="${folder}/report.html#${cellId(cell)}"
      title="${told}, ${instant(startedAt)}"
      aria-label="run ${run + 1}: ${told}"
      ><span aria-hidden="true">${sign}</span></a
    >
  </td>`;
}
