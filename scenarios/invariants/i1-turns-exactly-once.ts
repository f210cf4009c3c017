/**
 * I1: every processed turn of a session took effect exactly once on every general, city and nation. Each effect counts
 * `turns_lived` up by one, so a lost effect leaves it behind the session's turn and a doubled one ahead.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { FaultRecord, Witness } from '../../reports/record/report.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, groupBySession, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { yieldFindings } from './yields.ts';
import { preservedFindings } from './world.ts';

const identity = { invariant: 'I1', title: 'Every turn took effect exactly once on every general' };
const kinds = [
  ['generals', 'general'],
  ['cities', 'city'],
  ['nations', 'nation'],
] as const;
const operationsMax = 8;
const afterFaultMs = 2000;

export const turnsExactlyOnce: Checker = {
  ...identity,
  check: (history, evidence) => {
    const sessions = documentsOf(evidence, 'sessions');
    const findings: Finding[] = [
      ...preservedFindings(evidence, 'generals', 'cities', 'nations'),
      ...yieldFindings(history, evidence),
    ];
    let entities = 0;
    let turns = 0;
    const turnLog = groupBySession(documentsOf(evidence, 'turn_log'));
    const turnOf = new Map(sessions.map((session) => [textOf(session, '_id'), numberOf(session, 'turn')]));
    for (const [collection, kind] of kinds) {
      for (const document of documentsOf(evidence, collection)) {
        const turn = turnOf.get(textOf(document, 'session_id'));
        if (turn === undefined) continue;
        entities += 1;
        const finding = entityFinding(kind, document, turn, (session, last) => {
          const suspects =
            suspectTurns(last, turn) ?? disturbedTurns(turnLog.get(session) ?? [], evidence.faults);
          return turnOperations(history, session, suspects);
        });
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
  kind: string,
  document: Document,
  turn: number,
  operationsAround: (session: string, lastTurn: unknown) => Witness['operations'],
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
      operations: operationsAround(textOf(document, 'session_id'), last),
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

/** The turns at which the effect went missing when the guard tells it, else null. */
function suspectTurns(last: unknown, turn: number): ReadonlySet<number> | null {
  return typeof last === 'number' && last < turn ? new Set([last, last + 1]) : null;
}

/** Where the guard tells nothing, an effect was most likely lost or doubled in a turn that ended in or shortly after a fault. */
function disturbedTurns(log: readonly Document[], faults: readonly FaultRecord[]): ReadonlySet<number> {
  const turns = log.filter((entry) => {
    const endedMs = Date.parse(String(entry['processed_at']));
    return faults.some(
      ({ appliedMs, healedMs }) => endedMs >= appliedMs && endedMs <= healedMs + afterFaultMs,
    );
  });
  return new Set(turns.map((entry) => numberOf(entry, 'turn')));
}

/** Operations on the suspect turns; if there are none, the first on each turn. Those that did not end `ok` come first. */
function turnOperations(
  history: readonly Operation[],
  session: string,
  suspects: ReadonlySet<number>,
): Witness['operations'] {
  const own = history
    .filter((operation) => operation.f === 'turn' && textField(operation, 'sessionId') === session)
    .toSorted((left, right) => left.startedMs - right.startedMs);
  const suspect = own.filter((operation) => suspects.has(numberField(operation, 'turn')));
  const chosen = suspect.length > 0 ? suspect : firstOfEachTurn(own);
  return chosen
    .toSorted((left, right) => Number(left.type === 'ok') - Number(right.type === 'ok'))
    .slice(0, operationsMax)
    .toSorted((left, right) => left.startedMs - right.startedMs);
}

function firstOfEachTurn(operations: readonly Operation[]): Operation[] {
  const first = new Map<number, Operation>();
  for (const operation of operations) {
    const turn = numberField(operation, 'turn');
    if (!first.has(turn)) first.set(turn, operation);
  }
  return [...first.values()];
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
