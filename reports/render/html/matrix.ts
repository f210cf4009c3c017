/** The suite at a glance: faults down, what failed first, and scenarios across; in each field a link to the cell with one small mark for each invariant. */
import type { Cell, Report } from '../../record/report.ts';
import { byNumber, cellName, cellOutcome, outcomeMarks, urgencyOf } from '../headline.ts';
import { tinyMark } from './mark.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './table.ts';

/** Fewer cells are seen at once. */
const searchFrom = 4;

const search = html`<div class="story-controls">
  <label>Search <input type="search" data-matrix-search placeholder="fault or scenario" /></label>
  <label><input type="checkbox" data-matrix-failed /> only what did not hold</label>
</div>`;

export function matrix(report: Report): Markup {
  const scenarios = [...new Set(report.cells.map(({ scenario }) => scenario))];
  const faults = [...new Set(report.cells.map(({ fault }) => fault))];
  const cellAt = (scenario: string, fault: string): Cell | undefined =>
    report.cells.find((cell) => cell.scenario === scenario && cell.fault === fault);
  const urgencyOfFault = (fault: string): number =>
    Math.min(...report.cells.flatMap((cell) => (cell.fault === fault ? [urgencyOf(cell)] : [])));
  const rows = faults
    .toSorted((left, right) => urgencyOfFault(left) - urgencyOfFault(right))
    .map(
      (fault) =>
        html`<tr data-matrix-row="${fault}">
          <th scope="row">${fault}</th>
          ${scenarios.map((scenario) => field(cellAt(scenario, fault)))}
        </tr>`,
    );
  return html`<section aria-labelledby="matrix-title">
    <h2 id="matrix-title">Fault × scenario</h2>
    ${report.cells.length < searchFrom ? null : search}
    ${scrollTable({ name: { headingId: 'matrix-title' }, kind: 'matrix', columns: [html`<td></td>`, ...scenarios], rows })}
    <p class="legend">
      In each field one small mark for each invariant judged there, in their order:
      <span class="tiny held" aria-hidden="true">✓</span> held,
      <span class="tiny violated" aria-hidden="true">✗</span> violated,
      <span class="tiny unknown" aria-hidden="true">?</span> unknown. An empty field was not run.
    </p>
  </section>`;
}

function field(cell: Cell | undefined): Markup {
  if (cell === undefined) return html`<td class="empty"><span class="unseen">not run</span></td>`;
  const outcome = cellOutcome(cell);
  const { sign, word } = outcomeMarks[outcome];
  const verdicts = cell.verdicts.toSorted((left, right) => byNumber(left.invariant, right.invariant));
  const broken = verdicts.filter(({ verdict }) => verdict === 'false').map(({ invariant }) => invariant);
  return html`<td>
    <a
      class="field ${outcome}"
      href="#${cellId(cell)}"
      aria-label="${cellName(cell)}: ${word} ${broken.join(' ')}"
    >
      <span class="field-word"
        ><span aria-hidden="true">${sign}</span> ${broken.length > 0 ? broken.join(' ') : word}</span
      >
      <span class="field-marks"
        >${verdicts.map(({ invariant, verdict }) => tinyMark(invariant, verdict))}</span
      >
    </a>
  </td>`;
}

/** The element id of a cell's section. */
export function cellId(cell: Pick<Cell, 'scenario' | 'fault'>): string {
  return `cell-${cell.scenario}-${cell.fault}`.replace(/[^\w-]/g, '-');
}
