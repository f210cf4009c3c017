/** What each process did around a witness, drawn as bars in one lane a process, and the same as a table. */
import type { Operation } from '../../history/operation.ts';
import type { Cell } from '../../record/report.ts';
import { html, type Markup } from './markup.ts';
import { milliseconds } from './numbers.ts';
import { scrollTable } from './table.ts';

const lanesMax = 24;
const ticks = 5;
const typeSigns = { ok: '✓', fail: '✗', info: '?' } as const;

export function operationTimeline(
  cell: Cell,
  own: readonly Operation[],
  around: readonly Operation[],
  name: string,
): Markup {
  const all = [...own, ...around];
  const fromMs = Math.min(...all.map(({ startedMs }) => startedMs));
  const spanMs = Math.max(1, Math.max(...all.map(({ endedMs }) => endedMs)) - fromMs);
  const mine = new Set(own);
  // The processes of the witness come first, so that a cut never hides them.
  const processes = [...new Set(all.map(({ process }) => process))].slice(0, lanesMax);
  const percent = (timeMs: number): string => ((100 * timeMs) / spanMs).toFixed(3);
  const lanes = processes.map((process) => {
    const bars = all
      .filter((operation) => operation.process === process)
      .map(
        (operation) =>
          html`<span
            class="bar ${operation.type}${mine.has(operation) ? ' mine' : ''}"
            style="left:${percent(operation.startedMs - fromMs)}%;width:${percent(operation.endedMs - operation.startedMs)}%"
            title="${describe(cell, operation)}"
            ><span>${typeSigns[operation.type]} ${operation.f}</span></span
          >`,
      );
    return html`<div class="lane">
      <span class="lane-name">${process}</span>
      <div class="lane-bars">${bars}</div>
    </div>`;
  });
  const marks = Array.from({ length: ticks }, (_, index) => {
    const offsetMs = (spanMs * index) / ticks;
    const atMs = fromMs + offsetMs - cell.loadStartMs;
    return html`<span style="left:${percent(offsetMs)}%"
      >${(atMs / 1000).toFixed(spanMs < 5000 ? 2 : 1)} s</span
    >`;
  });
  return html`<figure class="timeline" data-timeline>
    <figcaption>
      Around ${name}: a lane for each client process; the witness's own operations have a frame.
      <label>Zoom <input type="range" min="1" max="40" step="0.5" value="1" data-timeline-zoom /></label>
    </figcaption>
    <div class="scroll lanes" tabindex="0" role="region" aria-label="Timeline around ${name}">
      <div class="lanes-inner" data-timeline-inner>
        ${lanes}
        <div class="lane axis">
          <span class="lane-name">process</span>
          <div class="lane-bars">${marks}</div>
        </div>
      </div>
    </div>
  </figure>`;
}

export function operationTable(cell: Cell, operations: readonly Operation[]): Markup {
  const rows = operations
    .toSorted((left, right) => left.startedMs - right.startedMs)
    .map(
      (operation) =>
        html`<tr>
          <td>${operation.process}</td>
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
  const columns = ['process', 'f', 'end', 'started', 'took', 'value'];
  return scrollTable({ name: 'Operations of the witness', kind: 'operations', columns, rows });
}

function sinceLoad(cell: Cell, timeMs: number): string {
  return `${((timeMs - cell.loadStartMs) / 1000).toFixed(3)} s`;
}

function describe(cell: Cell, operation: Operation): string {
  const took = milliseconds(operation.endedMs - operation.startedMs);
  return `${operation.f} ${operation.type}, process ${operation.process}, at ${sinceLoad(cell, operation.startedMs)}, took ${took}: ${JSON.stringify(operation.value)}`;
}
