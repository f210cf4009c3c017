/** Small checkers for synthetic runs: two that find what the flaws of `synthetic-report.ts` spoil, and others that always hold. */
import { conclude, type Checker, type Finding } from '../checkers/checker.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';

type Document = Evidence['database'][string][number];

function checkerOf(
  invariant: string,
  title: string,
  problem: (document: Document, evidence: Evidence, history: readonly Operation[]) => string | null,
): Checker {
  return {
    invariant,
    title,
    check: (history, evidence) => {
      const documents = evidence.database['generals'] ?? [];
      const findings = documents.flatMap((document): Finding[] => {
        const summary = problem(document, evidence, history);
        if (summary === null) return [];
        const operations = history.filter(({ value }) => value['no'] === document['no']).slice(-4);
        return [{ definite: false, witness: () => ({ summary, operations, facts: { ...document } }) }];
      });
      return conclude({ invariant, title }, 'at-rest', evidence, {
        findings,
        checked: `${documents.length} documents and ${history.length} operations agree`,
        missing: null,
      });
    },
  };
}

function holds(invariant: string, title: string): Checker {
  return checkerOf(invariant, title, () => null);
}

export const syntheticCheckers: readonly Checker[] = [
  checkerOf('I1', 'Every turn took effect exactly once on every general', (general, evidence) => {
    const session = evidence.database['sessions']?.find(({ _id }) => _id === general['session_id']);
    if (general['turns_lived'] === session?.['turn']) return null;
    return `general ${String(general['_id'])} lived ${String(general['turns_lived'])} turns and was last touched by turn ${String(general['last_turn'])}; its session is at turn ${String(session?.['turn'])}`;
  }),
  holds('I2', 'Session turn numbers have no gap and never go back'),
  checkerOf('I10', 'No acknowledged write is missing', (general, _evidence, history) => {
    const acknowledged = history.find(
      ({ f, type, value }) =>
        f === 'reserve' &&
        type === 'ok' &&
        value['no'] === general['no'] &&
        value['sessionId'] === general['session_id'],
    );
    if (acknowledged === undefined || Object.keys(general['orders'] ?? {}).length > 0) return null;
    return `order "${String(acknowledged.value['order'])}" of general ${String(general['_id'])} was acknowledged and is missing`;
  }),
  holds('I11', 'Cache and database agree'),
  holds('I14', 'Reads are served while Redis is down'),
  holds('I15', 'No read is staler than L1 allows'),
  holds('I16', 'Every request ends within its deadline'),
];
