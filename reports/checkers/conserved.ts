/** A sum that operations only move about, such as money between accounts, is at the end what it was at the beginning; and no part of it is below its least. */
import { isUnclear } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { coveredFields, namesOf, numberOfOperation, selectorOf } from './select.ts';
import type { OfOperation, OperationFilter } from './select.ts';

export interface ConservedOptions extends Partial<Identity> {
  /** Parts of the sum at the end, by name. */
  readonly parts: (evidence: Evidence) => ReadonlyMap<string, number>;
  /** The sum at the beginning. */
  readonly total: number | ((evidence: Evidence) => number);
  /** Operations that bring in or take out `amount`; nothing does when absent. */
  readonly changes?: OperationFilter & { readonly amount: OfOperation };
  /** Operations that move it from one part to another: a violation shows those whose end is not known. */
  readonly moves?: OperationFilter;
  /** The least that a part may be; no limit when absent. */
  readonly least?: number;
}

const operationsShownMax = 6;

export function conserved(options: ConservedOptions): Rule {
  const { invariant = 'conserved', title = 'Nothing is lost or made by moving it', changes, least } = options;
  const covers = {
    operations:
      changes === undefined
        ? {}
        : Object.fromEntries(namesOf(changes).map((f) => [f, coveredFields(changes.amount)])),
  };
  return ruleOf({ invariant, title }, 'at-rest', covers, (history, evidence) => {
    const parts = options.parts(evidence);
    const total = typeof options.total === 'number' ? options.total : options.total(evidence);
    // What ended unknown may count or not, so that the sum has a range.
    let from = total;
    let to = total;
    for (const operation of changes === undefined ? [] : history.filter(selectorOf(changes))) {
      const unclear = isUnclear(operation);
      if (operation.type !== 'ok' && !unclear) continue;
      const amount = numberOfOperation(operation, changes?.amount ?? '');
      from += unclear ? Math.min(0, amount) : amount;
      to += unclear ? Math.max(0, amount) : amount;
    }
    const found = [...parts.values()].reduce((sum, part) => sum + part, 0);
    const range = from === to ? String(from) : `${from} to ${to}`;
    const findings: Finding[] = [...parts]
      .filter(([, part]) => least !== undefined && part < least)
      .map(([name, part]) =>
        finding(`${name} is ${part}, and ${String(least)} is the least`, { name, found: part, least }),
      );
    // Tolerates what adding fractions in another order changes, and nothing else.
    const error = 1e-9 * Math.max(1, Math.abs(from), Math.abs(to));
    if (found < from - error || found > to + error) {
      const moved = options.moves === undefined ? [] : history.filter(selectorOf(options.moves));
      const unclear = moved.filter(isUnclear);
      const by =
        options.moves === undefined
          ? ''
          : `; it is moved by ${namesOf(options.moves).join(', ')}, of which ${unclear.length} of ${moved.length} ended unknown`;
      findings.push(
        finding(
          `the parts add up to ${found}, and should to ${range}${by}`,
          { found, expectedFrom: from, expectedTo: to },
          unclear.slice(0, operationsShownMax),
        ),
      );
    }
    return {
      findings,
      checked: `${parts.size} parts add up to ${found}`,
      missing: parts.size === 0 ? 'there were no parts to add up' : null,
    };
  });
}

function finding(
  summary: string,
  facts: Record<string, unknown>,
  operations: readonly Operation[] = [],
): Finding {
  return { definite: false, witness: () => ({ summary, operations: [...operations], facts }) };
}
