/** What an exploration found: the score, the calls that are not survived, and the table call × fault. */
import { type Exploration, type Injection, injectionName } from '../../exploration/exploration.ts';
import { conclusion } from '../../exploration/render-text.ts';
import { callRows, faultsOf, ranking, resultMarks } from '../../exploration/tables.ts';
import type { Report } from '../../record/report.ts';
import { cellId } from './matrix.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './table.ts';

export function explorationSection({ exploration }: Pick<Report, 'exploration'>): Markup | null {
  if (exploration === undefined) return null;
  const { injections, notExplored, change } = exploration;
  return html`<section aria-labelledby="exploration-title">
    <h2 id="exploration-title">Call × fault</h2>
    ${conclusion(exploration).map((sentence) => html`<p>${sentence}.</p>`)} ${changed(change)}
    ${violations(injections)} ${hardenFirst(injections)} ${callTable(injections)}
    <p class="legend">
      ✓ survived, ✗ violated, ? undecided, = alike to one that was tried and skipped, - not reached, · not
      tried. An empty field is a fault that the call cannot meet.
    </p>
    ${
      notExplored.length === 0
        ? null
        : html`<details class="inner">
            <summary>Not explored (${notExplored.length})</summary>
            <ul>
              ${notExplored.map(({ what, why }) => html`<li>${what}: ${why}</li>`)}
            </ul>
          </details>`
    }
  </section>`;
}

function changed(change: Exploration['change']): Markup | null {
  if (change === undefined) return null;
  return html`<p class="callout ${change.worse.length > 0 ? 'violated' : 'held'}">
    Since the baseline ${change.worse.length} more injections are not survived, and ${change.better.length}
    fewer. ${change.worse.join('; ')}
  </p>`;
}

function violations(injections: readonly Injection[]): Markup | null {
  const violated = injections.filter(({ result }) => result === 'violated');
  if (violated.length === 0) return null;
  return html`<ul>
    ${violated.map((injection) => html`<li>${injectionName(injection)}: ${linked(injection, injection.reason)}</li>`)}
  </ul>`;
}

function hardenFirst(injections: readonly Injection[]): Markup | null {
  const ranked = ranking(injections);
  if (ranked.length === 0) return null;
  return html`<h3>To harden first</h3>
    <ol>
      ${ranked.map(({ call, text }) => html`<li>${call}: ${text}</li>`)}
    </ol>`;
}

function callTable(injections: readonly Injection[]): Markup {
  const faults = faultsOf(injections);
  const rows = callRows(injections).map(
    ({ scenario, operation, call, byFault }) =>
      html`<tr>
        <th scope="row">${scenario}, ${operation ?? '(by itself)'}</th>
        <td>${call}</td>
        ${faults.map((fault) => field(byFault.get(fault)))}
      </tr>`,
  );
  return scrollTable({
    name: { headingId: 'exploration-title' },
    kind: 'figures-table',
    columns: ['operation', 'call', ...faults],
    rows,
  });
}

function field(injection: Injection | undefined): Markup {
  if (injection === undefined) return html`<td></td>`;
  const { result, reason } = injection;
  return html`<td title="${result}: ${reason}">${linked(injection, resultMarks[result])}</td>`;
}

/** To the cell in which it was decided. */
function linked({ cell, scenario }: Injection, text: string): Markup {
  return cell === null ? html`${text}` : html`<a href="#${cellId({ scenario, fault: cell })}">${text}</a>`;
}
