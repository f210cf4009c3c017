/**
 * What one client may expect of its own reads: they show what it wrote itself, and never go back behind what it has read. Both need a number that grows with
 * each change of an object, such as its version, in the answers.
 */
import type { Operation } from '../history/operation.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import {
  coveredFields,
  keyOfOperation,
  namesOf,
  type OfOperation,
  ofOperation,
  type OperationFilter,
  selectorOf,
} from './select.ts';

export interface MonotonicReadsOptions extends Partial<Identity> {
  readonly reads: OperationFilter;
  /** Names the object. */
  readonly key: OfOperation;
  /** The version that the answer shows. */
  readonly version: OfOperation;
  /** Names the client; by default the k6 client that sent it. */
  readonly session?: OfOperation;
}

export interface ReadYourWritesOptions extends MonotonicReadsOptions {
  readonly writes: OperationFilter;
}

export function monotonicReads(options: MonotonicReadsOptions): Rule {
  const { invariant = 'monotonic-reads', title = 'Reads of one client never go back' } = options;
  return sessionRule({ invariant, title }, options, options.reads);
}

export function readYourWrites(options: ReadYourWritesOptions): Rule {
  const { invariant = 'read-your-writes', title = 'A client reads what it wrote' } = options;
  return sessionRule({ invariant, title }, options, options.writes);
}

/** No read shows less than what one of `sources` of the same client had shown before it began. */
function sessionRule(
  identity: Identity,
  { reads, key, version, session }: MonotonicReadsOptions,
  sources: OperationFilter,
): Rule {
  const isSource = selectorOf(sources);
  const isRead = selectorOf(reads);
  const names = new Set([...namesOf(sources), ...namesOf(reads)]);
  const fields = coveredFields(key, version, session);
  const covers = { operations: Object.fromEntries([...names].map((f) => [f, fields])) };
  const clientOf = (operation: Operation): string =>
    session === undefined ? String(operation.process) : (keyOfOperation(operation, session) ?? '');
  return ruleOf(identity, 'always', covers, (history) => {
    const relevant = history.filter(
      (operation) => operation.type === 'ok' && (isSource(operation) || isRead(operation)),
    );
    const groups = Map.groupBy(relevant, (operation) =>
      JSON.stringify([clientOf(operation), keyOfOperation(operation, key)]),
    );
    let compared = 0;
    const findings: Finding[] = [];
    for (const own of groups.values()) {
      // Sources by their ends and reads by their starts: each read meets all that had ended before it.
      const known = own.filter(isSource).toSorted((left, right) => left.endedMs - right.endedMs);
      let next = 0;
      let newest: { readonly version: number; readonly operation: Operation } | undefined;
      for (const read of own.filter(isRead).toSorted((left, right) => left.startedMs - right.startedMs)) {
        for (let one = known[next]; one !== undefined && one.endedMs < read.startedMs; one = known[next]) {
          const shown = versionOf(one, version);
          if (shown !== null && shown > (newest?.version ?? -Infinity))
            newest = { version: shown, operation: one };
          next += 1;
        }
        const found = versionOf(read, version);
        if (newest === undefined || found === null) continue;
        compared += 1;
        if (found < newest.version) findings.push(wentBack(newest.operation, newest.version, read, found));
      }
    }
    return {
      findings,
      checked: `${compared} reads show what the same client knew before`,
      missing: compared === 0 ? 'no client read what it had known before' : null,
    };
  });
}

function versionOf(operation: Operation, select: OfOperation): number | null {
  const found = ofOperation(operation, select);
  return typeof found === 'number' ? found : null;
}

function wentBack(before: Operation, version: number, read: Operation, found: number): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `a ${read.f} showed version ${found}, and the same client's ${before.f} had ended with version ${version} before it began`,
      operations: [before, read],
      facts: { expectedAtLeast: version, found },
    }),
  };
}
