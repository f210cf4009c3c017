/** A witness as people read it: in words, then the facts that contradict each other, then what clients, processes and stores did around it. */
import { operationSchema, type Operation } from '../../history/operation.ts';
import type { Cell, Verdict, Witness } from '../../record/report.ts';
import type { Trace } from '../../trace/trace.ts';
import { html, type Markup } from './markup.ts';
import { operationTable } from './operation-table.ts';
import { operationsOnSubject, relatedOperations } from './related-operations.ts';
import { type Story, storyOf } from './story.ts';

/** A story is drawn from data; its place in the page bears the number of its place in the list. */
export interface WitnessContext {
  readonly history: readonly Operation[];
  readonly trace: Trace | undefined;
  readonly stories: Story[];
}

/** Stories of a cell; further witnesses are told in words and tables. */
const storiesMax = 8;

export function witnessList(cell: Cell, context: WitnessContext): Markup | null {
  const violated = cell.verdicts.filter(({ witnesses }) => witnesses.length > 0);
  if (violated.length === 0) return null;
  return html`<h4>What happened</h4>
    ${violated.flatMap((verdict) =>
      verdict.witnesses.map((witness, index) => witnessItem(cell, verdict, witness, index, context)),
    )}`;
}

function witnessItem(
  cell: Cell,
  verdict: Verdict,
  witness: Witness,
  index: number,
  { history, trace, stories }: WitnessContext,
): Markup {
  const own = witness.operations.flatMap((record) => {
    const parsed = operationSchema.safeParse(record);
    return parsed.success ? [parsed.data] : [];
  });
  const around = own.length === 0 ? operationsOnSubject(witness, history) : relatedOperations(history, own);
  const story = stories.length < storiesMax ? storyOf(cell, witness, own, around, trace) : null;
  const known = own.length + around.length > 0;
  return html`<details class="witness" ${index === 0 ? html` open` : null}>
    <summary><strong>${verdict.invariant}</strong> ${witness.summary}</summary>
    ${factList(witness)} ${story === null ? null : storyFigure(story, stories.push(story) - 1)}
    ${known ? operationTable(cell, own.length === 0 ? around : own) : null}
  </details>`;
}

function storyFigure(story: Story, number: number): Markup {
  const mine = story.events.filter((event) => event.mine);
  const links = mine
    .slice(0, 6)
    .map(
      (event, index) =>
        html`<button type="button" class="story-go" data-story-go="${index}">
          ${index + 1}: ${event.label} at ${event.from.toFixed(3)} s
        </button>`,
    );
  return html`<div>
    ${mine.length === 0 ? null : html`<p>What contradicts itself, framed in the picture: ${links}</p>`}
    <figure class="story" data-story="${number}">
      <div class="story-controls">
        <label class="wide">Moment <input type="range" min="0" max="0" value="0" data-story-moment /></label>
        <label>Zoom <input type="range" min="1" max="40" step="0.5" value="1" data-story-zoom /></label>
        <label>Only with <input type="search" data-story-filter placeholder="key, field, value" /></label>
        <label
          >Lane
          <select data-story-lane>
            <option value="">all</option>
          </select></label
        >
      </div>
      <div class="scroll lanes" tabindex="0" role="region" aria-label="Story" data-story-lanes></div>
      <div class="story-detail" data-story-detail aria-live="polite"></div>
      <figcaption class="note">
        The arrow keys of the slider go from event to event. ${story.tie} ✓ took effect, ✗ did not or was
        refused, ? not known.
      </figcaption>
    </figure>
  </div>`;
}

function factList(witness: Witness): Markup | null {
  const entries = Object.entries(witness.facts).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return null;
  const rows = entries.map(
    ([name, value]) =>
      html`<div>
        <dt>${inWords(name)}</dt>
        <dd><code>${typeof value === 'string' ? value : JSON.stringify(value)}</code></dd>
      </div>`,
  );
  return html`<dl class="facts">${rows}</dl>`;
}

/** `foundTurnsLived` as "found turns lived". */
function inWords(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
