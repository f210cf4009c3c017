/**
 * What was asked for is done once: each acknowledged operation has its effect, none has it twice, and one that was refused has none. With `atLeast` repeated
 * effects are right, as for work that is tried until it succeeds.
 */
import { isUnclear } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { coveredFields, keyOfOperation, namesOf, selectorOf } from './select.ts';
import type { OfOperation, OperationFilter } from './select.ts';

export interface ExactlyOnceOptions extends Partial<Identity> {
  readonly operations: OperationFilter;
  /** Names the effect of an operation, in words of its value: unique to what is asked for, the same when it is asked for again. */
  readonly key: OfOperation;
  /** Names of the effects that are there at the end, one for each effect: of documents, entries of a list, keys. */
  readonly effects: (evidence: Evidence) => readonly string[];
  /** True where an effect may be there several times. */
  readonly atLeast?: boolean;
}

export function exactlyOnce(options: ExactlyOnceOptions): Rule {
  const { atLeast = false } = options;
  const {
    invariant = atLeast ? 'at-least-once' : 'exactly-once',
    title = atLeast ? 'What was accepted is done' : 'What was accepted is done once',
  } = options;
  const covered = coveredFields(options.key);
  const covers = { operations: Object.fromEntries(namesOf(options.operations).map((f) => [f, covered])) };
  return ruleOf({ invariant, title }, 'at-rest', covers, (history, evidence) => {
    const asked = Map.groupBy(history.filter(selectorOf(options.operations)), (operation) =>
      keyOfOperation(operation, options.key),
    );
    const counts = new Map<string, number>();
    for (const effect of options.effects(evidence)) counts.set(effect, (counts.get(effect) ?? 0) + 1);
    const findings: Finding[] = [];
    let acknowledged = 0;
    for (const [key, own] of asked) {
      if (key === null) continue;
      const count = counts.get(key) ?? 0;
      const accepted = own.find(({ type }) => type === 'ok');
      if (accepted !== undefined) acknowledged += 1;
      if (accepted !== undefined && count === 0)
        findings.push(
          finding(`${accepted.f} ${key} was acknowledged, and nothing of it is there`, own, count),
        );
      if (count > 1 && !atLeast)
        findings.push(finding(`${own[0]?.f ?? 'an operation'} ${key} was done ${count} times`, own, count));
      const refused = own.every((one) => one.type === 'fail' && !isUnclear(one));
      if (count > 0 && refused)
        findings.push(finding(`${own[0]?.f ?? 'an operation'} ${key} was refused, and was done`, own, count));
    }
    return {
      findings,
      checked: `${acknowledged} acknowledged operations were done${atLeast ? '' : ' once each'}`,
      missing: acknowledged === 0 ? 'no such operation was acknowledged' : null,
    };
  });
}

function finding(summary: string, operations: readonly Operation[], found: number): Finding {
  return {
    definite: false,
    witness: () => ({ summary, operations: operations.slice(0, 4), facts: { foundEffects: found } }),
  };
}
