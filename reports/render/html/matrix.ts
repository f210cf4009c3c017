/** The suite at a glance: scenario × fault, in each field a link to the cell with one small mark for each invariant. */
import type { Cell, Report } from '../../record/report.ts';
import { byNumber, cellName, cellOutcome, outcomeMarks } from '../headline.ts';
import { tinyMark } from './mark.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './table.ts';

export function matrix(report: Report): Markup {
  const scenarios = [...new Set(report.cells.map(({ scenario }) => scenario))];
  const faults = [...new Set(report.cells.map(({ fault }) => fault))];
  const rows = scenarios.map(
    (scenario) =>
      html`<tr>
        <th scope="row">${scenario}</th>
        ${faults.map((fault) => field(report.cells.find((cell) => cell.scenario === scenario && cell.fault === fault)))}
      </tr>`,
  );
  return html`<section aria-labelledby="matrix-title">
    <h2 id="matrix-title">Scenario × fault</h2>
    ${scrollTable({ name: { headingId: 'matrix-title' }, kind: 'matrix', columns: [html`<td></td>`, ...faults], rows })}
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
