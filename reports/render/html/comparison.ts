/** The comparison with the baseline, if there is one. */
import { worstVerdict } from '../../checkers/checker.ts';
import { comparisonSchema, type Comparison, type Timing } from '../../compare/comparison.ts';
import type { Report } from '../../record/report.ts';
import { marks } from '../headline.ts';
import { html, type Markup } from './markup.ts';
import { count, milliseconds } from './numbers.ts';
import { scrollTable } from './table.ts';

export function comparisonSection(report: Report): Markup | null {
  if (report.comparison === null || report.comparison === undefined) return null;
  const parsed = comparisonSchema.safeParse(report.comparison);
  const body = parsed.success
    ? comparisonBody(parsed.data)
    : html`<p class="callout unknown">The report holds a comparison that this page can not read.</p>`;
  return html`<section aria-labelledby="comparison-title">
    <h2 id="comparison-title">Compared with the baseline</h2>
    ${body}
  </section>`;
}

function comparisonBody(comparison: Comparison): Markup {
  const told = comparison.timings.filter(({ outcome }) => outcome === 'worse' || outcome === 'better');
  if (comparison.recorded.length === 0) {
    return html`<p class="callout unknown">? There is no baseline to compare with.</p>`;
  }
  const better = improvements(comparison);
  const compared = comparison.timings.filter(({ outcome }) => outcome !== 'too-few').length;
  return html`<p class="callout ${comparison.worse ? 'violated' : 'held'}">
      <strong>${comparison.worse ? '✗ Worse' : '✓ Not worse'}</strong> than
      ${comparison.recorded.join(', ') || 'nothing'}: ${count(compared)} timings and every verdict compared.
    </p>
    ${list(comparison.reasons)}
    ${
      comparison.unlike.length === 0
        ? null
        : html`<p>Only verdicts were compared, because the environments differ:</p>
            ${list(comparison.unlike)}`
    }
    ${
      better.length === 0
        ? null
        : html`<h4>Got better</h4>
            ${list(better)}`
    }
    ${told.length === 0 ? null : timingTable(told)}
    ${
      comparison.notes.length === 0
        ? null
        : html`<details class="inner">
            <summary>Not compared (${comparison.notes.length})</summary>
            ${list(comparison.notes)}
          </details>`
    }`;
}

function list(items: readonly string[]): Markup | null {
  return items.length === 0
    ? null
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`;
}

/** Verdicts that got better; those that got worse are among the reasons. */
function improvements({ changes }: Comparison): string[] {
  return changes
    .filter(({ recorded, current }) => worstVerdict([recorded, current]) === recorded)
    .map(
      ({ scenario, fault, what, recorded, current }) =>
        `${what} in ${scenario} × ${fault} was ${marks[recorded].word} and ${marks[current].word} now`,
    );
}

function timingTable(timings: readonly Timing[]): Markup {
  const columns = [
    'cell',
    'phase',
    'metric',
    'recorded',
    'now',
    'ratio',
    'interval',
    'counts from',
    'effect size',
    '',
  ];
  return html`<h4>Timings that changed</h4>
    ${scrollTable({ name: 'Timings that changed', kind: 'figures-table', columns, rows: timings.map(timingRow) })}`;
}

function timingRow({
  scenario,
  fault,
  phase,
  metric,
  recorded,
  current,
  ratio,
  interval,
  cliffsDelta,
  limit,
  outcome,
}: Timing): Markup {
  const figure = (value: number): string =>
    metric === 'throughput' ? `${value.toFixed(1)} ok/s` : milliseconds(value);
  return html`<tr>
    <th scope="row">${scenario} × ${fault}</th>
    <td>${phase}</td>
    <td>${metric}</td>
    <td>${figure(recorded)}</td>
    <td>${figure(current)}</td>
    <td>× ${ratio.toFixed(2)}</td>
    <td>${interval === null ? '' : `${interval[0].toFixed(2)} – ${interval[1].toFixed(2)}`}</td>
    <td>${limit === undefined ? '' : `× ${limit.toFixed(2)}`}</td>
    <td>${cliffsDelta === null ? '' : cliffsDelta.toFixed(2)}</td>
    <td>${outcome}</td>
  </tr>`;
}
