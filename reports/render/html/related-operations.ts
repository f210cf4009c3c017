/** Chooses what to show around a witness: the operations near it in time that touched the same things. */
import type { Operation } from '../../history/operation.ts';
import type { Witness } from '../../record/report.ts';

const shownMax = 120;
const marginMs = 500;

/** At most 120 operations besides the witness's own, in order of time; empty without a history. */
export function relatedOperations(history: readonly Operation[], own: readonly Operation[]): Operation[] {
  if (own.length === 0 || history.length === 0) return [];
  const fromMs = Math.min(...own.map(({ startedMs }) => startedMs)) - marginMs;
  const toMs = Math.max(...own.map(({ endedMs }) => endedMs)) + marginMs;
  const known = new Set(own.map(identityOf));
  const near = history.filter(
    (operation) =>
      operation.endedMs >= fromMs && operation.startedMs <= toMs && !known.has(identityOf(operation)),
  );
  const ranked = near
    .map((operation) => ({ operation, kinship: Math.max(...own.map((mine) => kinship(mine, operation))) }))
    .filter(({ kinship: degree }) => degree > 0)
    .toSorted(
      (left, right) =>
        right.kinship - left.kinship || distance(left.operation, own) - distance(right.operation, own),
    );
  return ranked
    .slice(0, shownMax)
    .map(({ operation }) => operation)
    .toSorted((left, right) => left.startedMs - right.startedMs);
}

/** What a number after the name of a session means, by the letter before it. */
const subjects: Readonly<Record<string, string>> = { '': 'no', c: 'city', g: 'no', n: 'nation' };

/**
 * What was done to the subject of a witness that has no operations of its own, because something happened that nobody asked for: at most
 * 120, those at the end of the load, in order of time. Empty when the witness names no document.
 */
export function operationsOnSubject(witness: Witness, history: readonly Operation[]): Operation[] {
  const text = `${witness.summary} ${JSON.stringify(witness.facts)}`;
  const [, sessionId, letter = '', number] = /\b(s\d+-[\w-]+)[:/]([cgn]?)(\d+)\b/.exec(text) ?? [];
  const field = subjects[letter];
  if (sessionId === undefined || field === undefined) return [];
  return history
    .filter(({ value }) => value['sessionId'] === sessionId && value[field] === Number(number))
    .toSorted((left, right) => left.startedMs - right.startedMs)
    .slice(-shownMax);
}

/** 3 for the same general or turn, 2 for the session itself, 1 for another part of the session, 0 for another session. */
function kinship(mine: Operation, other: Operation): number {
  if (mine.value['sessionId'] !== other.value['sessionId']) return 0;
  for (const field of ['no', 'turn', 'city', 'nation']) {
    const found = mine.value[field];
    if (found !== undefined && found === other.value[field]) return 3;
  }
  return other.f === 'turn' || other.f === 'read-session' ? 2 : 1;
}

function distance(operation: Operation, own: readonly Operation[]): number {
  return Math.min(...own.map((mine) => Math.abs(mine.startedMs - operation.startedMs)));
}

function identityOf(operation: Operation): string {
  return `${operation.process} ${operation.f} ${operation.startedMs}`;
}
