/**
 * A number that operations add to: what it ends at is what it began with and what was acknowledged, with any of what ended unknown. Which sums those can
 * make is worked out one by one, up to a limit; beyond it the least and the greatest sum must do.
 */
import { isUnclear } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { coveredFields, keyOfOperation, namesOf, numberOfOperation } from './select.ts';
import { type OfOperation, type OperationFilter, selectorOf } from './select.ts';

export interface CountedOptions extends Partial<Identity> {
  readonly operations: OperationFilter;
  readonly key: OfOperation;
  /** What an operation adds; 1 when absent. */
  readonly amount?: OfOperation;
  /** Final numbers by key. A key that operations name and that is not in it is 0. */
  readonly final: (evidence: Evidence) => ReadonlyMap<string, number>;
  /** Numbers before the load; 0 where there is none. */
  readonly initial?: (evidence: Evidence) => ReadonlyMap<string, number>;
  /** What else adds to a number, between how much and how much; nothing when absent. */
  readonly beside?: (key: string, evidence: Evidence) => readonly [least: number, most: number];
}

const sumsMax = 5_000;
const operationsShownMax = 8;

/** As many are counted as were done: a counter, a balance that only operations of one kind move, or work done exactly once. */
export function counted(options: CountedOptions): Rule {
  const { invariant = 'counted', title = 'What was done is counted, once each' } = options;
  const fields = coveredFields(options.key, options.amount);
  const covers = { operations: Object.fromEntries(namesOf(options.operations).map((f) => [f, fields])) };
  return ruleOf({ invariant, title }, 'at-rest', covers, (history, evidence) => {
    const byKey = Map.groupBy(
      history.filter(selectorOf(options.operations)),
      (operation) => keyOfOperation(operation, options.key) ?? '',
    );
    const final = options.final(evidence);
    const initial = options.initial?.(evidence);
    const findings = [...new Set([...byKey.keys(), ...final.keys()])].flatMap((key) =>
      tally(options, evidence, {
        key,
        operations: byKey.get(key) ?? [],
        found: final.get(key) ?? 0,
        before: initial?.get(key) ?? 0,
      }),
    );
    const acknowledged = [...byKey.values()].flat().filter(({ type }) => type === 'ok').length;
    return {
      findings,
      checked: `${acknowledged} acknowledged operations on ${byKey.size} keys are counted once each`,
      missing: acknowledged === 0 ? 'no such operation was acknowledged' : null,
    };
  });
}

interface Tallied {
  readonly key: string;
  readonly operations: readonly Operation[];
  readonly found: number;
  readonly before: number;
}

function tally(
  { amount, beside }: CountedOptions,
  evidence: Evidence,
  { key, operations, found, before }: Tallied,
): Finding[] {
  const worth = (operation: Operation) => (amount === undefined ? 1 : numberOfOperation(operation, amount));
  const unclear = operations.filter(isUnclear);
  const sure = operations.filter(({ type }) => type === 'ok').reduce((sum, one) => sum + worth(one), before);
  const [least, most] = beside?.(key, evidence) ?? [0, 0];
  if (isPossible(found - sure, [least, most], unclear.map(worth))) return [];
  const maybe = unclear.length === 0 ? '' : `, and ${unclear.length} more of unknown end`;
  const other =
    most === 0 && least === 0 ? '' : `, with ${least === most ? least : `${least} to ${most}`} of other work`;
  return [
    {
      // However work that is still open ends, it is among what was attempted.
      definite: found > unclear.reduce((sum, one) => sum + Math.max(0, worth(one)), sure + most),
      witness: () => ({
        summary: `${key} has ${found}, and ${sure} was acknowledged${maybe}${other}`,
        operations: [...unclear, ...operations.filter(({ type }) => type === 'ok')].slice(
          0,
          operationsShownMax,
        ),
        facts: { key, before, acknowledged: sure, unclear: unclear.map(worth), found },
      }),
    },
  ];
}

function isPossible(
  difference: number,
  [least, most]: readonly [number, number],
  unclear: readonly number[],
): boolean {
  let sums = new Set([0]);
  for (const amount of unclear) {
    if (sums.size > sumsMax) break;
    sums = new Set([...sums, ...[...sums].map((sum) => sum + amount)]);
  }
  if (sums.size > sumsMax) {
    const lowest = unclear.reduce((sum, amount) => sum + Math.min(0, amount), least);
    const highest = unclear.reduce((sum, amount) => sum + Math.max(0, amount), most);
    return difference >= lowest && difference <= highest;
  }
  return [...sums].some((sum) => difference - sum >= least && difference - sum <= most);
}
