/** Means of spoiling a recorded run: one document, or one operation, is changed, added or taken out. */
import type { Operation } from '../../../reports/history/operation.ts';
import type { Evidence } from '../../../reports/record/evidence.ts';
import type { SimulatedRun } from './simulate.ts';

export interface Mutation {
  readonly invariant: string;
  readonly what: string;
  /** The spoilt run, or null when this one has nothing to spoil. */
  apply(run: SimulatedRun): SimulatedRun | null;
}

export type Row = Record<string, unknown>;

/** Changes one document of the collection, or takes it out when `change` gives null. */
export function ofDocument(
  collection: string,
  fits: (row: Row, run: SimulatedRun) => boolean,
  change: (row: Row, run: SimulatedRun) => Row | null,
): Mutation['apply'] {
  return (run) => {
    const rows = run.evidence.database[collection] ?? [];
    const index = rows.findIndex((row) => fits(row, run));
    const row = rows[index];
    if (row === undefined) return null;
    const changed = change(row, run);
    const spoilt = rows.toSpliced(index, 1, ...(changed === null ? [] : [changed]));
    return withEvidence(run, { database: { ...run.evidence.database, [collection]: spoilt } });
  };
}

/** Adds what is made of an operation that fits, or puts it in its place. */
export function ofOperation(
  fits: (operation: Operation, run: SimulatedRun) => boolean,
  change: (operation: Operation) => Operation,
  inPlace = false,
): Mutation['apply'] {
  return (run) => {
    const index = run.history.findIndex((operation) => fits(operation, run));
    const operation = run.history[index];
    if (operation === undefined) return null;
    return { ...run, history: run.history.toSpliced(index, inPlace ? 1 : 0, change(operation)) };
  };
}

export function withEvidence(run: SimulatedRun, changed: Partial<Evidence>): SimulatedRun {
  return { ...run, evidence: { ...run.evidence, ...changed } };
}

export const plus = (field: string, by: number) => (row: Row) => ({
  ...row,
  [field]: Number(row[field]) + by,
});
export const always = () => true;
export const acknowledged = (f: string, outcome?: string) => (operation: Operation) =>
  operation.f === f &&
  operation.type === 'ok' &&
  (outcome === undefined || operation.value['outcome'] === outcome);
