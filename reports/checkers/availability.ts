/**
 * The share of operations that the target serves, in each phase of the load. Served is every answer but a 5xx. An operation that the machine
 * may have kept from being served accuses nothing.
 */
import { isUnserved } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { PhaseName } from '../record/report.ts';
import { phaseNames } from '../record/report.ts';
import { phaseOf, phaseSpans } from '../statistics/phases.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { type OperationFilter, selectorOf } from './select.ts';
import { machineExcuses, starved } from './starvation.ts';

export interface AvailabilityOptions extends Partial<Identity> {
  /** Least share that is served, from 0 to 1, by phase. A phase that is not named is not judged. */
  readonly floors: Readonly<Partial<Record<PhaseName, number>>>;
  /** Operations that are judged; all when absent. */
  readonly operations?: OperationFilter;
  /** Fewer operations in a phase say nothing of it; 20 when absent. */
  readonly operationsMin?: number;
}

const operationsMinByDefault = 20;
const operationsShownMax = 6;

export function availability(options: AvailabilityOptions): Rule {
  const { invariant = 'availability', title = 'Enough operations are served in each phase' } = options;
  const { floors, operations, operationsMin = operationsMinByDefault } = options;
  const selected = operations === undefined ? () => true : selectorOf(operations);
  const judged = phaseNames.flatMap((phase) => {
    const floor = floors[phase];
    return floor === undefined ? [] : [{ phase, floor }];
  });
  return ruleOf({ invariant, title }, 'always', {}, (history, evidence) => {
    const spans = phaseSpans(evidence.faults, evidence.loadStartMs, evidence.loadEndMs);
    const byPhase = Map.groupBy(history.filter(selected), ({ intendedMs, endedMs }) =>
      phaseOf(spans, intendedMs, endedMs),
    );
    const excuses = machineExcuses(history, evidence);
    const findings: Finding[] = [];
    const shares: string[] = [];
    const unseen = judged.filter(
      ({ phase }) =>
        spans.some(({ name }) => name === phase) && (byPhase.get(phase)?.length ?? 0) < operationsMin,
    );
    let undecided: string | null = null;
    for (const { phase, floor } of judged) {
      const all = byPhase.get(phase) ?? [];
      if (all.length < operationsMin) continue;
      const unserved = all.filter(isUnserved);
      const excused = unserved.filter((operation) => excuses.mayBeUnserved(operation)).length;
      shares.push(`${percent(1 - unserved.length / all.length)} in the phase ${phase}`);
      const served = all.length - unserved.length;
      if (served / all.length >= floor) continue;
      if ((served + excused) / all.length < floor) findings.push(tooFew(phase, floor, all.length, unserved));
      else
        undecided ??= starved(
          `${excused} of the ${unserved.length} operations that were not served in the phase ${phase}, of ${all.length}, waited for a processor most of their time`,
        );
    }
    return {
      findings,
      checked: shares.length === 0 ? 'no judged phase took any time' : `served were ${shares.join(', ')}`,
      missing:
        undecided ??
        (unseen[0] === undefined
          ? null
          : `the phase ${unseen[0].phase} had fewer than ${operationsMin} operations of those judged`),
    };
  });
}

function tooFew(phase: PhaseName, floor: number, of: number, unserved: readonly Operation[]): Finding {
  const share = 1 - unserved.length / of;
  return {
    definite: true,
    witness: () => ({
      summary: `${percent(share)} of ${of} operations in the phase ${phase} were served, ${percent(floor)} are the least; of those that were not, ${kinds(unserved)}`,
      operations: unserved.slice(0, operationsShownMax),
      facts: { phase, expectedShareMin: floor, foundShare: share },
    }),
  };
}

function kinds(operations: readonly Operation[]): string {
  const counts = [...Map.groupBy(operations, ({ f }) => f)].map(([f, own]) => ({ f, count: own.length }));
  return counts
    .toSorted((left, right) => right.count - left.count)
    .slice(0, 3)
    .map(({ f, count }) => `${count} were ${f}`)
    .join(', ');
}

function percent(share: number): string {
  return `${Math.floor(share * 1_000) / 10} %`;
}
