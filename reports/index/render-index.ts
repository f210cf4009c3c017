/** reports/runs/index.html: how every cell fared from run to run, as one page that needs neither network nor server. */
import { outcomeMarks } from '../render/headline.ts';
import { chartPage } from '../render/html/assets.ts';
import { renderDocument } from '../render/html/document.ts';
import { factList } from '../render/html/facts.ts';
import { outcomeBadge } from '../render/html/mark.ts';
import { html, type Markup } from '../render/html/markup.ts';
import { cellId } from '../render/html/matrix.ts';
import { count, instant } from '../render/html/numbers.ts';
import { scrollTable } from '../render/html/table.ts';
import { cellTrendSection } from './cell-trends.ts';
import type { Runs } from './read-runs.ts';
import type { RunSummary } from './run-summary.ts';
import { runsMatrix } from './runs-matrix.ts';
import { type Step, stepsOf } from './steps.ts';
import { trendData } from './trend-charts.ts';
import { trendsOf } from './trends.ts';

const indexPage = chartPage('index', ['open-target.js', 'runs-index.js'], ['runs-index.css']);
const groupsShown = 30;

export function renderIndex(runs: Runs): string {
  const { read } = runs;
  const cells = trendsOf(read);
  const steps = stepsOf(cells.flatMap(({ trends }) => trends));
  const newest = read.at(-1);
  const title = newest === undefined ? 'No run yet' : newest.headline;
  const charted = cells.map(({ trends }) => trends.filter(({ points }) => points.length > 1));
  return renderDocument({
    page: indexPage,
    title: `Runs · ${title} · Redcliff`,
    kind: 'all runs',
    header: html`${newest === undefined ? html`<h1>No run yet</h1>` : newestRun(newest)}
    ${summary(runs, steps)}`,
    main: html`${changes(steps, read)} ${runsMatrix(cells, read)}
      <section aria-labelledby="cells-title">
        <h2 id="cells-title">Cells</h2>
        ${cells.map((cell, index) => cellTrendSection(cell, index, read, index === firstWorse(cells, steps)))}
      </section>
      ${runsTable(read)} ${unreadRuns(runs)}`,
    data: { id: 'trend-data', value: charted.map((trends) => trends.map(trendData)) },
  });
}

function newestRun({ outcome, headline, folder }: RunSummary): Markup {
  return html`<div class="verdict ${outcome}">
    <span class="verdict-sign" aria-hidden="true">${outcomeMarks[outcome].sign}</span>
    <h1>Newest run: <a class="plain-link" href="${folder}/report.html">${headline}</a></h1>
  </div>`;
}

function summary({ read, unread, leftOut }: Runs, steps: readonly Step[]): Markup {
  const worse = steps.filter(({ direction }) => direction === 'worse').length;
  const facts: (readonly [string, string])[] = [
    ['runs', count(read.length)],
    ['steps for the worse', count(worse)],
    ['steps for the better', count(steps.length - worse)],
    ...(read[0] === undefined ? [] : [['since', instant(read[0].startedAt)] as const]),
    ...(unread.length === 0 ? [] : [['not taken in', count(unread.length)] as const]),
    ...(leftOut === 0 ? [] : [['older, left out', count(leftOut)] as const]),
  ];
  return factList('summary', facts);
}

function changes(steps: readonly Step[], runs: readonly RunSummary[]): Markup {
  const groups = [...Map.groupBy(steps, groupOf).values()];
  const items = groups.slice(0, groupsShown).map((group) => changeItem(group, runs));
  return html`<section aria-labelledby="changes-title">
    <h2 id="changes-title">Steps</h2>
    ${
      items.length === 0
        ? html`<p>None: every cell stayed at its level.</p>`
        : html`<ul class="steps">
            ${items}
          </ul>`
    }
    ${groups.length > groupsShown ? html`<p class="note">And ${groups.length - groupsShown} older ones.</p>` : null}
    <p class="legend">
      A step: the values after it lie clearly beyond all of the level before it, in the same environment under
      the same load. It is a hint where to look; the test is the comparison in each report.
    </p>
  </section>`;
}

/** What moved in one cell with one run is told in one line. */
function groupOf({ scenario, fault, run, direction }: Step): string {
  return [run, scenario, fault, direction].join('/');
}

function changeItem(group: readonly Step[], runs: readonly RunSummary[]): Markup | null {
  const [step] = group;
  if (step === undefined) return null;
  const { direction, scenario, fault } = step;
  const outcome = direction === 'worse' ? 'violated' : 'held';
  const sign = direction === 'worse' ? '▲' : '▼';
  const run = runs[step.run];
  const seen = Math.max(...group.map((one) => one.seen));
  const told = group.map(({ what, before, after }) => `${what} ${before} → ${after}`);
  return html`<li>
    <span class="badge ${outcome}"><span aria-hidden="true">${sign}</span> ${direction}</span>
    <strong>${scenario} × ${fault}</strong> since
    <a href="${run?.folder ?? ''}/report.html#${cellId(step)}">run ${step.run + 1}</a>: ${told.join('; ')}
    <span class="note"
      >(commit ${run?.commit.slice(0, 10) ?? 'unknown'}, seen in ${count(seen)}
      ${seen === 1 ? 'run' : 'runs'})</span
    >
  </li>`;
}

/** The cell to open at first: that of the newest step for the worse, else the first. */
function firstWorse(
  cells: readonly { readonly scenario: string; readonly fault: string }[],
  steps: readonly Step[],
): number {
  const worse = steps.find(({ direction }) => direction === 'worse');
  const found = cells.findIndex(
    ({ scenario, fault }) => scenario === worse?.scenario && fault === worse.fault,
  );
  return Math.max(0, found);
}

function runsTable(runs: readonly RunSummary[]): Markup {
  const rows = [...runs.entries()].toReversed().map(
    ([index, { folder, startedAt, outcome, cells, commit, command }]) =>
      html`<tr>
        <th scope="row"><a href="${folder}/report.html">${index + 1}</a></th>
        <td class="nowrap">${instant(startedAt)}</td>
        <td class="nowrap">${outcomeBadge(outcome)}</td>
        <td>${count(cells.length)}</td>
        <td><code>${commit.slice(0, 10)}${commit.includes('+') ? '+changes' : ''}</code></td>
        <td class="wide"><code>${command}</code></td>
      </tr>`,
  );
  const columns = ['run', 'started', 'outcome', 'cells', 'commit', 'command'];
  return html`<section aria-labelledby="runs-title">
    <h2 id="runs-title">Runs</h2>
    ${scrollTable({ name: { headingId: 'runs-title' }, kind: 'operations', columns, rows })}
  </section>`;
}

function unreadRuns({ unread }: Runs): Markup | null {
  if (unread.length === 0) return null;
  const items = unread.map(
    ({ folder, problem, page }) =>
      html`<li>
        ${page ? html`<a href="${folder}/report.html">${folder}</a>` : html`<code>${folder}</code>`}:
        ${problem}
      </li>`,
  );
  return html`<section aria-labelledby="unread-title">
    <h2 id="unread-title">Not taken in</h2>
    <ul>
      ${items}
    </ul>
    <p class="note">
      A run that is going on or was killed has no report yet; one of an older schema is shown by its own page
      alone.
    </p>
  </section>`;
}
