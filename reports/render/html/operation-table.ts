/** Operations as the clients saw them, in a table. */
import type { Operation } from '../../history/operation.ts';
import type { Cell } from '../../record/report.ts';
import { html, type Markup } from './markup.ts';
import { milliseconds } from './numbers.ts';
import { clientName } from './story.ts';
import { scrollTable } from './table.ts';

const typeSigns = { ok: '✓', fail: '✗', info: '?' } as const;

export function operationTable(cell: Cell, operations: readonly Operation[]): Markup {
  const rows = operations
    .toSorted((left, right) => left.startedMs - right.startedMs)
    .map(
      (operation) =>
        html`<tr>
          <td>${clientName(operation.process)}</td>
          <td>${operation.f}</td>
          <td class="nowrap">${typeSigns[operation.type]} ${operation.type}</td>
          <td>${sinceLoad(cell, operation.startedMs)}</td>
          <td>${milliseconds(operation.endedMs - operation.startedMs)}</td>
          <td class="wide">
            <code>${JSON.stringify(operation.value)}</code
            >${operation.error === undefined ? null : ` ${operation.error}`}
          </td>
        </tr>`,
    );
  const columns = ['client', 'operation', 'end', 'started', 'took', 'value'];
  return scrollTable({ name: 'Operations of the witness', kind: 'operations', columns, rows });
}

function sinceLoad(cell: Cell, timeMs: number): string {
  return `${((timeMs - cell.loadStartMs) / 1000).toFixed(3)} s`;
}
