/** The symptom to find again: an invariant or a threshold, and whether a run shows it. Pure. */
import { z } from 'zod';
import type { Cell } from '../../reports/record/report.ts';

/** `invariant` by its name, or `threshold` by its metric: its limit may be another now. */
export const symptomSchema = z.strictObject({ kind: z.enum(['invariant', 'threshold']), name: z.string() });
export type Symptom = z.infer<typeof symptomSchema>;

/** `failed`: the harness did, so that nothing is said. */
export const sightings = ['failed', 'held', 'unknown', 'violated'] as const;
export type Sighting = (typeof sightings)[number];

export function symptomText({ kind, name }: Symptom): string {
  return kind === 'invariant' ? name : `threshold ${name}`;
}

/** Everything that the cell was found to violate, in the order of its report. */
export function symptomsOf(cell: Cell): Symptom[] {
  const invariants = cell.verdicts
    .filter(({ verdict }) => verdict === 'false')
    .map(({ invariant }): Symptom => ({ kind: 'invariant', name: invariant }));
  const metrics = new Set(
    cell.thresholds.filter(({ verdict }) => verdict === 'false').map(({ metric }) => metric),
  );
  return [...invariants, ...[...metrics].map((name): Symptom => ({ kind: 'threshold', name }))];
}

export function seenIn(cell: Cell, { kind, name }: Symptom): Sighting {
  if (cell.harnessError !== null) return 'failed';
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

/** Whether the effect of every fault of the cell was observed. */
export function allObserved(cell: Cell): boolean {
  return cell.faults.every(({ effect }) => effect.observed);
}
