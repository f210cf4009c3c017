/**
 * Each acknowledged action counts itself and all that were acknowledged before it began, and makes a version above theirs: an answer that is one too low tells of
 * the state before it.
 */
import { numberField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Finding } from '../../reports/checkers/checker.ts';
import { nameOf } from './documents.ts';
import { generalKey } from './operations.ts';

const kinds: ReadonlySet<string> = new Set(['reserve', 'train']);

const quantities = [
  { told: 'actionCount', stored: 'action_count' },
  { told: 'version', stored: 'version' },
] as const;

export function countedTooLow(history: readonly Operation[], evidence: Evidence): Finding[] {
  const seeded = new Map((evidence.initial?.['generals'] ?? []).map((one) => [nameOf(one), one]));
  const acknowledged = history.filter(({ f, type }) => kinds.has(f) && type === 'ok');
  return [...Map.groupBy(acknowledged, generalKey)].flatMap(([general, own]) => {
    const before = seeded.get(general.replace('/', ':g'));
    const ends = own.map(({ endedMs }) => endedMs).toSorted((left, right) => left - right);
    return quantities.flatMap(({ told, stored }) => {
      const from = before?.[stored];
      if (typeof from !== 'number') return [];
      return own.flatMap((operation) => {
        const least = from + countBelow(ends, operation.startedMs) + 1;
        const value = numberField(operation, told);
        return value >= least ? [] : [tooLow(operation, general, told, { least, value, seeded: from })];
      });
    });
  });
}

/** How many of the sorted numbers are below the bound. */
function countBelow(sorted: readonly number[], bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tooLow(
  operation: Operation,
  general: string,
  field: string,
  { least, value, seeded }: { readonly least: number; readonly value: number; readonly seeded: number },
): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `a ${operation.f} of general ${general} was acknowledged as ${field} ${value}, and with those acknowledged before it is ${least} at least`,
      operations: [operation],
      facts: { general, field, found: value, least, seeded },
    }),
  };
}
