/**
 * I1: every processed turn of a session took effect exactly once on every general, city and nation. Each effect counts
 * `turns_lived` up by one, so a lost effect leaves it behind the session's turn and a doubled one ahead.
 */
import { acknowledgesTurn, numberField, textField } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Witness } from '../record/report.ts';
import { conclude, type Checker, type Finding } from './checker.ts';
import { documentsOf, groupBySession, nameOf, numberOf, textOf, type Document } from './documents.ts';

const identity = { invariant: 'I1', title: 'Every turn took effect exactly once on every general' };
const kinds = [
  ['generals', 'general'],
  ['cities', 'city'],
  ['nations', 'nation'],
] as const;
const operationsMax = 8;

export const turnsExactlyOnce: Checker = {
  ...identity,
  check: (history, evidence) => {
    const sessions = documentsOf(evidence, 'sessions');
    const findings: Finding[] = [];
    let entities = 0;
    let turns = 0;
    const turnLog = groupBySession(documentsOf(evidence, 'turn_log'));
    const turnOf = new Map(sessions.map((session) => [textOf(session, '_id'), numberOf(session, 'turn')]));
    for (const [collection, kind] of kinds) {
      for (const document of documentsOf(evidence, collection)) {
        const turn = turnOf.get(textOf(document, 'session_id'));
        if (turn === undefined) continue;
        entities += 1;
        const finding = entityFinding(history, kind, document, turn);
        if (finding !== null) findings.push(finding);
      }
    }
    for (const [session, turn] of turnOf) {
      turns += turn;
      findings.push(...logFindings(history, session, turn, turnLog.get(session) ?? []));
    }
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${turns} turns of ${turnOf.size} sessions took effect once on each of ${entities} generals, cities and nations`,
      missing: turns === 0 ? 'no turn was processed' : null,
    });
  },
};

function entityFinding(
  history: readonly Operation[],
  kind: string,
  document: Document,
  turn: number,
): Finding | null {
  const lived = document['turns_lived'];
  const last = document['last_turn'];
  const torn = lived !== last;
  // The turns of a destroyed nation may have ended with it: what it lived must still fit its own last turn.
  const ended = document['status'] === 'destroyed' && typeof last === 'number' && last <= turn;
  if (!torn && (lived === turn || ended)) return null;
  return {
    // Both fields are written by the same update, so they disagree only after an effect was lost or doubled.
    definite: torn,
    witness: () => ({
      summary: `${kind} ${nameOf(document)} lived ${String(lived)} turns and was last touched by turn ${String(last)}; its session is at turn ${turn}`,
      operations: turnOperations(history, textOf(document, 'session_id'), suspectTurns(last, turn)),
      facts: {
        [kind]: nameOf(document),
        expectedTurnsLived: turn,
        foundTurnsLived: lived,
        expectedLastTurn: turn,
        foundLastTurn: last,
        version: document['version'],
        writeId: document['write_id'],
      },
    }),
  };
}

/** The turns at which the effect went missing when the guard tells it, else null: any may be the one. */
function suspectTurns(last: unknown, turn: number): ReadonlySet<number> | null {
  return typeof last === 'number' && last < turn ? new Set([last, last + 1]) : null;
}

/** Operations on the suspect turns; with none suspect, those whose end is unknown or that a process did again. */
function turnOperations(
  history: readonly Operation[],
  session: string,
  suspects: ReadonlySet<number> | null,
): Witness['operations'] {
  const own = history.filter(
    (operation) => operation.f === 'turn' && textField(operation, 'sessionId') === session,
  );
  const chosen =
    suspects === null
      ? own.filter((operation) => operation.type === 'info' || !acknowledgesTurn(operation))
      : own.filter((operation) => suspects.has(numberField(operation, 'turn')));
  const shown = chosen.length > 0 ? chosen : own.filter(acknowledgesTurn);
  return shown.toSorted((left, right) => left.startedMs - right.startedMs).slice(0, operationsMax);
}

function logFindings(
  history: readonly Operation[],
  session: string,
  turn: number,
  log: readonly Document[],
): Finding[] {
  const counts = new Map<number, number>();
  for (const entry of log) {
    const number = numberOf(entry, 'turn');
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const findings: Finding[] = [];
  for (let number = 1; number <= turn; number += 1) {
    const count = counts.get(number) ?? 0;
    if (count === 1) continue;
    findings.push({
      definite: count > 1,
      witness: () => ({
        summary: `turn ${number} of session ${session} is ${count} times in the turn log instead of once`,
        operations: turnOperations(history, session, new Set([number])),
        facts: { session, turn: number, expectedEntries: 1, foundEntries: count, sessionTurn: turn },
      }),
    });
  }
  return findings;
}
