/** One cell over all runs: a place for the charts of each kind of run, and the same figures as a table. */
import { outcomeBadge } from '../render/html/mark.ts';
import { html, type Markup } from '../render/html/markup.ts';
import { cellId } from '../render/html/matrix.ts';
import { milliseconds, seconds } from '../render/html/numbers.ts';
import { scrollTable } from '../render/html/table.ts';
import { phaseNames } from '../record/report.ts';
import type { CellPoint, RunSummary } from './run-summary.ts';
import type { CellTrends, TrendPoint } from './trends.ts';

export function cellTrendSection(
  cell: CellTrends,
  index: number,
  runs: readonly RunSummary[],
  open: boolean,
): Markup {
  const newest = cell.all.at(-1);
  if (newest === undefined) return html``;
  const charted = cell.trends.filter(({ points }) => points.length > 1);
  const alone = cell.trends.length - charted.length;
  return html`<details
    class="cell"
    id="trend-${cellId(cell)}"
    data-trends="${index}"
    ${open ? html` open` : null}
  >
    <summary>
      <h3>${cell.scenario} × ${cell.fault}</h3>
      ${outcomeBadge(newest.cell.outcome)}
      <span class="figures">${cell.all.length} ${cell.all.length === 1 ? 'run' : 'runs'}</span>
    </summary>
    <div class="cell-body">
      ${charted.map(
        ({ points }, trend) =>
          html`<h4>${kindLabel(points[0]?.cell)}</h4>
            <div class="charts" data-trend="${trend}"></div>`,
      )}
      ${alone === 0 ? null : html`<p class="note">${apartText(alone)}</p>`}
      <noscript><p class="note">The charts need JavaScript; all their figures are in the table.</p></noscript>
      ${figuresTable(cell.all, runs)}
    </div>
  </details>`;
}

function apartText(alone: number): string {
  const runs = alone === 1 ? 'One run stands alone' : `${alone} runs stand alone`;
  return `${runs}: of another environment, load or mutant, so that no line can be drawn.`;
}

/** The parts of a kind that people tell runs apart by; two kinds that differ in others alone read the same. */
function kindLabel(cell: CellPoint | undefined): string {
  const { environment, load } = cell?.kind ?? { environment: null, load: {} };
  const [stack, cpus, mongo] = ['stack', 'cpus', 'mongo'].map((name) => field(environment, name));
  const { durationMs, ratePerSecond } = {
    durationMs: Number(field(load['load'], 'durationMs')),
    ratePerSecond: field(load['load'], 'ratePerSecond'),
  };
  const mutant = load['mutant'];
  return [
    `${ratePerSecond}/s for ${seconds(durationMs)}`,
    `${stack} stack, ${mongo} MongoDB, ${cpus} CPUs`,
    ...(typeof mutant === 'string' ? [`mutant ${mutant}`] : []),
  ].join(' · ');
}

function field(value: unknown, name: string): string {
  const entries: [string, unknown][] =
    typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const found = entries.find(([key]) => key === name)?.[1];
  return found === undefined ? 'unknown' : String(found);
}

function figuresTable(points: readonly TrendPoint[], runs: readonly RunSummary[]): Markup {
  const phases = phaseNames.filter((phase) => points.some(({ cell }) => cell.phases[phase] !== null));
  const columns = [
    'run',
    'outcome',
    ...phases.flatMap((phase) => [`${phase} p50`, 'p99', 'ok/s']),
    'recovery',
  ];
  const rows = points.toReversed().map(
    ({ run, cell }) =>
      html`<tr>
        <th scope="row"><a href="${runs[run]?.folder ?? ''}/report.html#${cellId(cell)}">${run + 1}</a></th>
        <td>${outcomeBadge(cell.outcome)}</td>
        ${phases.map((phase) => {
          const figures = cell.phases[phase];
          if (figures === null)
            return html`<td></td>
              <td></td>
              <td></td>`;
          return html`<td>${milliseconds(figures.p50)}</td>
            <td>${milliseconds(figures.p99)}</td>
            <td>${figures.throughput.toFixed(1)}</td>`;
        })}
        <td>${cell.recoveryMs === null ? '' : milliseconds(cell.recoveryMs)}</td>
      </tr>`,
  );
  return scrollTable({ name: 'Figures of every run', kind: 'figures-table', columns, rows });
}
