/** Marks of verdicts and outcomes: a sign and a word for everyone, a colour besides. */
import type { VerdictValue } from '../../record/report.ts';
import { marks, outcomeMarks, type Outcome } from '../headline.ts';
import { html, type Markup } from './markup.ts';

const outcomeOf: Record<VerdictValue, Outcome> = { true: 'held', false: 'violated', unknown: 'unknown' };

/** Sign and word. */
export function verdictBadge(value: VerdictValue): Markup {
  const { sign, word } = marks[value];
  return html`<span class="badge ${outcomeOf[value]}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

export function outcomeBadge(outcome: Outcome): Markup {
  const { sign, word } = outcomeMarks[outcome];
  return html`<span class="badge ${outcome}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** The sign alone, small, with its words for who does not see it. */
export function tinyMark(invariant: string, value: VerdictValue): Markup {
  const { sign, word } = marks[value];
  return html`<span class="tiny ${outcomeOf[value]}" title="${invariant} ${word}"
    ><span aria-hidden="true">${sign}</span></span
  >`;
}
