/** What is violated in a load, and whether two loads show the same: only then has a smaller load kept what was searched. */
import type { Cell, Witness } from '../../reports/record/report.ts';

export interface Violation {
  /** Invariant, or the metric of a threshold. */
  readonly name: string;
  readonly reason: string;
  /** The kind of finding: the names of the facts that its witness gives. */
  readonly facts: string;
  /** Operations that witness it. */
  readonly operations: readonly {
    readonly f: string;
    readonly startedMs: number;
    readonly endedMs: number;
  }[];
}

/** One for each kind of finding, with the operations of its first witness. Thresholds have no operations. */
export function violationsIn({ verdicts, thresholds }: Pick<Cell, 'thresholds' | 'verdicts'>): Violation[] {
  const found = [
    ...verdicts
      .filter(({ verdict }) => verdict === 'false')
      .flatMap(({ invariant, reason, witnesses }) =>
        witnesses.length === 0
          ? [{ name: invariant, reason, facts: '', operations: [] }]
          : witnesses.map((witness) => ({ name: invariant, ...ofWitness(witness) })),
      ),
    ...thresholds
      .filter(({ verdict }) => verdict === 'false')
      .map(({ metric, expression }) => ({
        name: metric,
        reason: `${metric} ${expression} was not met`,
        facts: '',
        operations: [],
      })),
  ];
  return found.filter((one, index) => found.findIndex((other) => sameViolation(one, other)) === index);
}

/**
 * Whether both are the same kind of finding about the same kinds of operation. Witnesses of one kind differ in how many operations they show, so one
 * kind in common is enough.
 */
export function sameViolation(one: Violation, other: Violation): boolean {
  if (one.name !== other.name || one.facts !== other.facts) return false;
  if (one.operations.length === 0 || other.operations.length === 0)
    return one.operations.length === other.operations.length;
  const kinds = new Set(one.operations.map(({ f }) => f));
  return other.operations.some(({ f }) => kinds.has(f));
}

/** Names of invariants and thresholds of which nothing can be said. */
export function unclearIn({ verdicts, thresholds }: Pick<Cell, 'thresholds' | 'verdicts'>): string[] {
  return [
    ...verdicts.filter(({ verdict }) => verdict === 'unknown').map(({ invariant }) => invariant),
    ...thresholds.filter(({ verdict }) => verdict === 'unknown').map(({ metric }) => metric),
  ];
}

function ofWitness({ summary, facts, operations }: Witness): Omit<Violation, 'name'> {
  return {
    reason: summary,
    facts: Object.keys(facts).toSorted().join(' '),
    operations: operations.map(({ f, startedMs, endedMs }) => ({
      f: String(f),
      startedMs: Number(startedMs),
      endedMs: Number(endedMs),
    })),
  };
}
