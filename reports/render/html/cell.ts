/** One cell of the suite: verdicts, witnesses, charts with the faults drawn on them, phases, and how to run it again. */
import type { Operation } from '../../history/operation.ts';
import type { Cell, FaultRecord, Report } from '../../record/report.ts';
import type { Trace } from '../../trace/trace.ts';
import { byNumber, cellName, cellOutcome } from '../headline.ts';
import { reproduceCommand } from '../reproduce.ts';
import { outcomeBadge, verdictBadge } from './mark.ts';
import { html, type Markup } from './markup.ts';
import { cellId } from './matrix.ts';
import { milliseconds, minutes, seconds } from './numbers.ts';
import { scrollArea, scrollTable } from './table.ts';
import { errorTable, phaseTable } from './phases.ts';
import type { OperationPlot } from './operation-plot.ts';
import type { Story } from './story.ts';
import { witnessList } from './witness.ts';

export interface CellContext {
  readonly report: Report;
  /** Place of the cell in the embedded data of the charts. */
  readonly index: number;
  /** The cell's history and trace, where they are at hand: what else happened around a witness. */
  readonly history: readonly Operation[];
  readonly trace: Trace | undefined;
  /** Takes what the page draws of the witnesses. */
  readonly stories: Story[];
  readonly plot: OperationPlot | null;
  readonly open: boolean;
}

export function cellSection(cell: Cell, context: CellContext): Markup {
  const worst = Math.max(0, ...cell.phases.map((phase) => phase.latencyMs.p99));
  const figures = [
    ...(cell.phases.length > 0 ? [`p99 ${milliseconds(worst)}`] : []),
    ...(cell.recoveryMs === null ? [] : [`recovered in ${seconds(cell.recoveryMs)}`]),
  ];
  return html`<details
    class="cell"
    id="${cellId(cell)}"
    data-cell="${context.index}"
    ${context.open ? html` open` : null}
  >
    <summary>
      <h3>${cellName(cell)}</h3>
      ${outcomeBadge(cellOutcome(cell))}
      <span class="figures">${figures.join(' · ')}</span>
    </summary>
    <div class="cell-body">
      ${harnessNote(cell)} ${earlierTryNote(cell)} ${verdictTable(cell)} ${witnessList(cell, context)}
      ${faultList(cell)} ${plotFigure(context)} ${charts(cell)} ${phaseTable(cell)} ${errorTable(cell)}
      ${thresholdTable(cell)}
      <h4>Run it again</h4>
      ${commandLine(reproduceCommand(context.report, cell))}
      <p class="note">
        Seed ${cell.seed} fixes world, load and faults; the interleaving of processes it can not fix. Took
        ${minutes(cell.endedMs - cell.startedMs)}. Files: ${fileLinks(cell, context.report)}.
      </p>
      <details class="inner">
        <summary>Configuration and limits</summary>
        <pre class="scroll" tabindex="0">
${JSON.stringify({ config: cell.config, limits: cell.limits, timeline: cell.timeline }, null, 2)}</pre>
      </details>
    </div>
  </details>`;
}

/** Beside the page, as a run leaves them. */
function fileLinks(cell: Cell, { provider }: Report): Markup[] {
  const files = [
    ['folder of the cell', `${cell.folder}/`],
    ['logs', `${cell.folder}/logs/`],
    ['history', `${cell.folder}/history.ndjson`],
    // Only the embedded Toxiproxy records one.
    ...(provider.toxiproxy.kind === 'embedded' ? [['trace', `${cell.folder}/trace.ndjson`]] : []),
    ['evidence', `${cell.folder}/evidence.json`],
    ['junit.xml', 'junit.xml'],
  ];
  return files.map(
    ([name = '', path = ''], index) => html`${index === 0 ? null : ', '}<a href="${path}">${name}</a>`,
  );
}

function earlierTryNote({ earlierTry }: Cell): Markup | null {
  if (earlierTry === undefined) return null;
  return html`<p class="note">
    This is the second try, made alone at the end of the run: the machine was too busy to decide the
    <a href="${earlierTry.folder}/">first</a>. ${earlierTry.reasons.join('; ')}
  </p>`;
}

function harnessNote(cell: Cell): Markup | null {
  if (cell.harnessError === null) return null;
  const [reason = '', ...below] = cell.harnessError.split('\n');
  return html`<p class="callout harness-failed">
      <strong>The harness failed:</strong> ${reason}. This cell says nothing about the system.
    </p>
    ${below.length === 0 ? null : html`<pre class="scroll" tabindex="0">${below.join('\n')}</pre>`}`;
}

/** What was violated comes first. */
const urgency = { false: 0, unknown: 1, true: 2 } as const;

function plotFigure({ plot }: CellContext): Markup | null {
  if (plot === null) return null;
  return html`<h4>Operations</h4>
    <figure class="operation-plot" data-plot>
      <div class="story-controls">
        <label
          >Kind
          <select data-plot-kind>
            <option value="">all</option>
          </select></label
        >
      </div>
      <canvas
        tabindex="0"
        role="img"
        aria-label="Each operation by the time of its end and its latency. The arrow keys go from one to the next, plus and minus zoom, 0 shows all."
      ></canvas>
      <p class="plot-told note" data-plot-told aria-live="polite">
        Latency from the intended start, logarithmic. Click a point, or use the arrow keys; + and − zoom, 0
        shows all.
      </p>
    </figure>`;
}

function verdictTable(cell: Cell): Markup | null {
  if (cell.verdicts.length === 0) return null;
  const rows = cell.verdicts
    .toSorted(
      (left, right) =>
        urgency[left.verdict] - urgency[right.verdict] || byNumber(left.invariant, right.invariant),
    )
    .map(
      ({ invariant, title, verdict, reason }) =>
        html`<tr>
          <th scope="row">${invariant}</th>
          <td class="nowrap">${verdictBadge(verdict)}</td>
          <td><span class="strong">${title}</span><br /><span class="note">${reason}</span></td>
        </tr>`,
    );
  return html`<h4>Invariants</h4>
    ${scrollArea(
      'Invariants',
      html`<table class="verdicts">
        <tbody>
          ${rows}
        </tbody>
      </table>`,
    )}`;
}

function faultList(cell: Cell): Markup {
  if (cell.faults.length === 0)
    return html`<h4>Faults</h4>
      <p>
        ${
          cell.timeline.length === 0
            ? 'None: the system ran undisturbed.'
            : `None was applied: the cell ended before its ${cell.timeline.length === 1 ? 'fault' : 'faults'} (${cell.timeline.map(({ fault }) => fault).join(', ')}).`
        }
      </p>`;
  const recovery =
    cell.recoveryMs === null
      ? html`<p class="callout violated">The steady state was not seen again after the last heal.</p>`
      : html`<p>
          Steady state again ${milliseconds(cell.recoveryMs)} after the last heal
          (${seconds(cell.limits.recoveryMs)} are allowed).
        </p>`;
  return html`<h4>Faults</h4>
    <ol class="faults">
      ${cell.faults.map((fault) => faultItem(cell, fault))}
    </ol>
    ${cell.harnessError === null ? recovery : null}`;
}

function faultItem(cell: Cell, fault: FaultRecord): Markup {
  const since = (timeMs: number): string => seconds(timeMs - cell.loadStartMs);
  const parameters = Object.entries(fault.parameters).map(
    ([name, value]) => `${name} ${JSON.stringify(value)}`,
  );
  return html`<li>
    <strong>${fault.fault}</strong> ${since(fault.appliedMs)} – ${since(fault.healedMs)}
    ${parameters.length > 0 ? html`<span class="note">(${parameters.join(', ')})</span>` : null}<br />
    <span class="note"
      >${fault.effect.observed ? 'Effect observed' : 'No effect observed'}: ${fault.effect.evidence}</span
    >
  </li>`;
}

/** Places for the charts; the page's script draws them when the cell is opened. */
function charts(cell: Cell): Markup | null {
  if (cell.seconds.length === 0) return null;
  const phases = cell.phases.map(
    (phase) => html`<button type="button" data-zoom="${phase.name}">${phase.name}</button>`,
  );
  return html`<h4>Over time</h4>
    <div class="zoom" role="group" aria-label="Zoom of the charts">
      <button type="button" data-zoom="all" aria-pressed="true">all</button
      >${phases.length > 1 ? phases : null}
    </div>
    <div class="charts" data-charts></div>
    <p class="note">
      Latency counts from the intended start. Shaded: a fault was active. Drag to zoom, double-click to see
      all again; a click on a name in the legend hides its line.
    </p>
    <noscript
      ><p class="note">The charts need JavaScript; all their figures are in the tables.</p></noscript
    >`;
}

function thresholdTable(cell: Cell): Markup | null {
  if (cell.thresholds.length === 0) return null;
  const rows = cell.thresholds.map(({ metric, expression, verdict, value, reason }) => {
    const [, name = metric, phase] = /^(.*)\{phase:(\w+)\}$/.exec(metric) ?? [];
    return html`<tr>
      <th scope="row"><code>${name}</code></th>
      <td>${phase ?? 'whole load'}</td>
      <td><code>${expression}</code></td>
      <td>${value === undefined ? '' : Number(value.toPrecision(4))}</td>
      <td>${verdictBadge(verdict)} ${reason ?? ''}</td>
    </tr>`;
  });
  return html`<h4>Thresholds</h4>
    ${scrollTable({ name: 'Thresholds', kind: 'figures-table', columns: ['metric', 'phase', 'expression', 'value', ''], rows })}`;
}

export function commandLine(command: string): Markup {
  return html`<div class="command">
    <code class="scroll" tabindex="0">${command}</code
    ><button type="button" data-copy="${command}">Copy</button>
  </div>`;
}
