/**
 * I2: session turn numbers have no gap and never go back: in the database, in what was acknowledged, and, beyond what
 * the caches may lag, in what clients saw. What the database itself refuses may not lag at all.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import { staleForMs } from './limits.ts';
import { acknowledgesTurn } from './operations.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, groupBySession, numberOf, textOf, type Document } from './documents.ts';
import { preservedFindings } from './world.ts';
import { Frontiers } from '../../reports/checkers/frontier.ts';

const identity = { invariant: 'I2', title: 'Turn numbers have no gap and never go back' };

export const turnNumbers: Checker = {
  ...identity,
  check: (history, evidence) => {
    const turnOf = new Map(
      documentsOf(evidence, 'sessions').map((session) => [textOf(session, '_id'), numberOf(session, 'turn')]),
    );
    const log = groupBySession(documentsOf(evidence, 'turn_log'));
    const seen = history.filter((operation) => operation.type === 'ok' && turnSeenBy(operation) !== null);
    const known = knownTurns(seen);
    const findings = [
      ...preservedFindings(evidence, 'sessions'),
      ...[...turnOf].flatMap(([session, turn]) => gapFindings(session, turn, log.get(session) ?? [])),
      ...appliedTwiceFindings(history),
      ...lostTurnFindings(seen, turnOf),
      ...wentBackFindings(seen, known, evidence),
      ...deniedFindings(history, known),
    ];
    const turns = [...turnOf.values()].reduce((sum, turn) => sum + turn, 0);
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `the logs of ${turnOf.size} sessions run from 1 to their turn (${turns} in all), and ${seen.length} answers never went back`,
      missing: turns === 0 ? 'no turn was processed' : null,
    });
  },
};

/** The session's turn that an `ok` operation saw. */
function turnSeenBy(operation: Operation): number | null {
  if (operation.f === 'turn') return numberField(operation, 'currentTurn');
  if (operation.f === 'read-session') return numberField(operation, 'turn');
  return null;
}

function gapFindings(session: string, turn: number, log: readonly Document[]): Finding[] {
  const logged = new Set(log.map((entry) => numberOf(entry, 'turn')));
  const missing = Array.from({ length: turn }, (_, index) => index + 1).filter(
    (number) => !logged.has(number),
  );
  const beyond = [...logged]
    .filter((number) => number > turn || number < 1)
    .toSorted((left, right) => left - right);
  if (missing.length === 0 && beyond.length === 0) return [];
  const parts = [
    ...(missing.length > 0 ? [`has no entry for turn ${missing.join(', ')}`] : []),
    ...(beyond.length > 0 ? [`has turn ${beyond.join(', ')} besides`] : []),
  ];
  return [
    {
      definite: false,
      witness: () => ({
        summary: `session ${session} is at turn ${turn}, and its log ${parts.join(' and ')}`,
        operations: [],
        facts: { session, sessionTurn: turn, missingTurns: missing, turnsBeyond: beyond },
      }),
    },
  ];
}

function appliedTwiceFindings(history: readonly Operation[]): Finding[] {
  const findings: Finding[] = [];
  const first = new Map<string, Operation>();
  for (const operation of history) {
    if (!acknowledgesTurn(operation) || textField(operation, 'outcome') !== 'applied') continue;
    const key = `${textField(operation, 'sessionId')} ${numberField(operation, 'turn')}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, operation);
      continue;
    }
    findings.push({
      definite: true,
      witness: () => ({
        summary: `turn ${numberField(operation, 'turn')} of session ${textField(operation, 'sessionId')} was acknowledged as applied twice`,
        operations: [earlier, operation],
        facts: { session: textField(operation, 'sessionId'), turn: numberField(operation, 'turn') },
      }),
    });
  }
  return findings;
}

/** The highest turn acknowledged or seen of each session must still be there at the end. */
function lostTurnFindings(seen: readonly Operation[], turnOf: ReadonlyMap<string, number>): Finding[] {
  const highest = new Map<string, { turn: number; operation: Operation }>();
  for (const operation of seen) {
    const session = textField(operation, 'sessionId');
    const acknowledged = acknowledgesTurn(operation) ? numberField(operation, 'turn') : 0;
    const turn = Math.max(turnSeenBy(operation) ?? 0, acknowledged);
    if (turn > (highest.get(session)?.turn ?? 0)) highest.set(session, { turn, operation });
  }
  return [...highest].flatMap(([session, { turn, operation }]): Finding[] => {
    const final = turnOf.get(session);
    if (final !== undefined && final >= turn) return [];
    return [
      {
        definite: false,
        witness: () => ({
          summary: `session ${session} was at turn ${turn} and ended at turn ${final ?? 'none: it is not in the database'}`,
          operations: [operation],
          facts: { session, highestTurnSeen: turn, finalTurn: final ?? null },
        }),
      },
    ];
  });
}

function knownTurns(seen: readonly Operation[]): Frontiers {
  const known = new Frontiers();
  for (const operation of seen) {
    const session = textField(operation, 'sessionId');
    known.add(session, turnSeenBy(operation) ?? 0, operation);
    if (acknowledgesTurn(operation)) known.add(session, numberField(operation, 'turn'), operation);
  }
  return known;
}

function wentBackFindings(seen: readonly Operation[], known: Frontiers, evidence: Evidence): Finding[] {
  const staleMs = staleForMs(evidence);
  const findings: Finding[] = [];
  for (const operation of seen) {
    const session = textField(operation, 'sessionId');
    const turn = turnSeenBy(operation) ?? 0;
    const newer = known.firstAbove(session, turn);
    if (newer === undefined) continue;
    const behindMs = operation.startedMs - newer.endedMs;
    // A turn is answered from the database itself, past every cache.
    const allowedMs = operation.f === 'turn' ? 0 : staleMs;
    if (behindMs <= allowedMs) continue;
    findings.push({
      definite: true,
      witness: () => ({
        summary: `session ${session} was seen at turn ${turn}, ${Math.round(behindMs)} ms after a later turn had been seen`,
        operations: [newer, operation],
        facts: { session, turn, behindMs, allowedMs },
      }),
    });
  }
  return findings;
}

/**
 * A turn that was refused for coming too early, though the one before it was known to be processed: then the session had gone back.
 * The refusal is the database's own word, past every cache, so nothing is allowed for staleness.
 */
function deniedFindings(history: readonly Operation[], known: Frontiers): Finding[] {
  const refused = history.filter(({ f, type, error }) => {
    return f === 'turn' && type === 'fail' && error?.includes('turn_not_due') === true;
  });
  return refused.flatMap((operation): Finding[] => {
    const session = textField(operation, 'sessionId');
    const turn = numberField(operation, 'turn');
    const before = known.firstAbove(session, turn - 2);
    if (before === undefined || before.endedMs >= operation.startedMs) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `turn ${turn} of session ${session} was refused as not due, ${Math.round(operation.startedMs - before.endedMs)} ms after turn ${turn - 1} or a later one was known to be processed`,
          operations: [before, operation],
          facts: { session, turn },
        }),
      },
    ];
  });
}
