/** The figures of each phase, and what kept operations from ending ok. */
import type { Cell } from '../../record/report.ts';
import { html, type Markup } from './markup.ts';
import { count, milliseconds, seconds } from './numbers.ts';
import { scrollTable } from './table.ts';

export function phaseTable(cell: Cell): Markup | null {
  if (cell.phases.length === 0) return null;
  const rows = cell.phases.map(({ name, startMs, endMs, operations, throughputPerSecond, latencyMs }) => {
    const nothing = operations.ok + operations.fail + operations.info === 0;
    const latency = (valueMs: number): string => (nothing ? '–' : milliseconds(valueMs));
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${seconds(endMs - startMs)}</td>
      <td>${count(operations.ok)}</td>
      <td>${count(operations.fail)}</td>
      <td>${count(operations.info)}</td>
      <td>${throughputPerSecond.toFixed(1)}</td>
      <td>${latency(latencyMs.p50)}</td>
      <td>${latency(latencyMs.p95)}</td>
      <td>${latency(latencyMs.p99)}</td>
      <td>${latency(latencyMs.max)}</td>
    </tr>`;
  });
  const columns = ['phase', 'lasted', 'ok', 'fail', 'info', 'ok/s', 'p50', 'p95', 'p99', 'max'];
  return html`<h4>Phases</h4>
    ${scrollTable({ name: 'Phases', kind: 'figures-table', columns, rows })}
    <p class="note">ok took effect · fail did not · info: unknown, a timeout or a lost reply.</p>`;
}

export function errorTable(cell: Cell): Markup | null {
  const kinds = [...new Set(cell.phases.flatMap((phase) => Object.keys(phase.errors)))].toSorted();
  if (kinds.length === 0) return null;
  const rows = kinds.map(
    (kind) =>
      html`<tr>
        <th scope="row">${kind}</th>
        ${cell.phases.map((phase) => html`<td>${count(phase.errors[kind] ?? 0)}</td>`)}
      </tr>`,
  );
  return html`<h4>Errors by kind</h4>
    ${scrollTable({ name: 'Errors by kind', kind: 'figures-table', columns: ['kind', ...cell.phases.map(({ name }) => name)], rows })}`;
}
