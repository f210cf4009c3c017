/** What of a cell is looked for again: an invariant or a threshold, and what a run says of it. Pure. */
import type { Cell } from '../../reports/record/report.ts';

/** `invariant` I1, or `threshold` with a metric: its limit may be another now. */
export interface Symptom {
  readonly kind: 'invariant' | 'threshold';
  readonly name: string;
}

/** `unheard`: the harness failed, so that nothing is said. */
export type Sighting = 'held' | 'unheard' | 'unknown' | 'violated';

export function symptomText({ kind, name }: Symptom): string {
  return kind === 'invariant' ? name : `threshold ${name}`;
}

/** Everything the cell was found to violate, in the order of its report. */
export function symptomsOf(cell: Cell): Symptom[] {
  const invariants = cell.verdicts
    .filter(({ verdict }) => verdict === 'false')
    .map(({ invariant }): Symptom => ({ kind: 'invariant', name: invariant }));
  const thresholds = cell.thresholds
    .filter(({ verdict }) => verdict === 'false')
    .map(({ metric }): Symptom => ({ kind: 'threshold', name: metric }));
  return [...invariants, ...thresholds.filter(isFirstOfItsName)];
}

function isFirstOfItsName(symptom: Symptom, index: number, all: readonly Symptom[]): boolean {
  return all.findIndex(({ name }) => name === symptom.name) === index;
}

export function seenIn(cell: Cell, { kind, name }: Symptom): Sighting {
  if (cell.harnessError !== null) return 'unheard';
  const verdicts =
    kind === 'invariant'
      ? cell.verdicts.filter(({ invariant }) => invariant === name).map(({ verdict }) => verdict)
      : cell.thresholds.filter(({ metric }) => metric === name).map(({ verdict }) => verdict);
  if (verdicts.includes('false')) return 'violated';
  return verdicts.length === 0 || verdicts.includes('unknown') ? 'unknown' : 'held';
}

/** What was seen, in a line: the witness, or why nothing can be said. */
export function explain(cell: Cell, { kind, name }: Symptom): string {
  if (cell.harnessError !== null) return cell.harnessError;
  if (kind === 'threshold') {
    return (
      cell.thresholds.find(({ metric, reason }) => metric === name && reason !== undefined)?.reason ?? ''
    );
  }
  const verdict = cell.verdicts.find(({ invariant }) => invariant === name);
  if (verdict === undefined) return 'it was not judged';
  return verdict.witnesses[0]?.summary ?? verdict.reason;
}

/** Whether the system felt every fault of the cell. */
export function allFelt(cell: Cell): boolean {
  return cell.faults.every(({ effect }) => effect.observed);
}
