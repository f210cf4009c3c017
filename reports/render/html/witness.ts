/** A witness as people read it: in words, then the facts that contradict each other, then what each process did around it. */
import { operationSchema, type Operation } from '../../history/operation.ts';
import type { Cell, Verdict, Witness } from '../../record/report.ts';
import { html, type Markup } from './markup.ts';
import { operationsOnSubject, relatedOperations } from './related-operations.ts';
import { operationTable, operationTimeline } from './timeline.ts';

export function witnessList(cell: Cell, history: readonly Operation[]): Markup | null {
  const violated = cell.verdicts.filter(({ witnesses }) => witnesses.length > 0);
  if (violated.length === 0) return null;
  return html`<h4>Witnesses</h4>
    ${violated.flatMap((verdict) =>
      verdict.witnesses.map((witness, index) => witnessItem(cell, verdict, witness, index, history)),
    )}`;
}

function witnessItem(
  cell: Cell,
  verdict: Verdict,
  witness: Witness,
  index: number,
  history: readonly Operation[],
): Markup {
  const own = witness.operations.flatMap((record) => {
    const parsed = operationSchema.safeParse(record);
    return parsed.success ? [parsed.data] : [];
  });
  const around = own.length === 0 ? operationsOnSubject(witness, history) : relatedOperations(history, own);
  const timeline =
    own.length + around.length === 0
      ? null
      : operationTimeline(cell, own, around, `${verdict.invariant}, witness ${index + 1}`);
  return html`<details class="witness" ${index === 0 ? html` open` : null}>
    <summary><strong>${verdict.invariant}</strong> ${witness.summary}</summary>
    ${factList(witness)} ${timeline}
    ${own.length + around.length === 0 ? null : operationTable(cell, own.length === 0 ? around : own)}
  </details>`;
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
