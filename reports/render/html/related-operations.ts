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

/**
 * What was done to the subject of a witness without operations: at most 120, those at the end of the load, in order of time. The subject
 * is an address in the witness, such as `items/i3` or `shop-1:c12`; an operation is on it when its value holds every part of the address
 * that any operation holds, the last part included. Empty when the witness has no such address.
 */
export function operationsOnSubject(witness: Witness, history: readonly Operation[]): Operation[] {
  const text = `${witness.summary} ${JSON.stringify(witness.facts)}`;
  const parts = /[\w-]+(?:[:/][\w-]+)+/.exec(text)?.[0].split(/[:/]/) ?? [];
  const held = new Set(history.flatMap(namesIn));
  const known = parts.filter((part) => namesOf(part).some((name) => held.has(name)));
  if (known.length === 0 || known.at(-1) !== parts.at(-1)) return [];
  return history
    .filter((operation) => {
      const names = namesIn(operation);
      return known.every((part) => namesOf(part).some((name) => names.includes(name)));
    })
    .toSorted((left, right) => left.startedMs - right.startedMs)
    .slice(-shownMax);
}

/** A part of an address may carry a letter for the kind before its number: `c12` is `c12` or `12`. */
function namesOf(part: string): string[] {
  const number = /^[a-z](\d+)$/.exec(part)?.[1];
  return number === undefined ? [part] : [part, number];
}

function namesIn(operation: Operation): string[] {
  return Object.values(operation.value).filter(isName).map(String);
}

/** Number of fields in which both have the same name or number; 0 when `mine` has names of which `other` shares none. */
function kinship(mine: Operation, other: Operation): number {
  const fields = Object.entries(mine.value).filter(([field, value]) => field !== 'status' && isName(value));
  const shared = fields.filter(([field, value]) => other.value[field] === value);
  const isText = ([, value]: [string, unknown]) => typeof value === 'string';
  return fields.some(isText) && !shared.some(isText) ? 0 : shared.length;
}

function isName(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function distance(operation: Operation, own: readonly Operation[]): number {
  return Math.min(...own.map((mine) => Math.abs(mine.startedMs - operation.startedMs)));
}

function identityOf(operation: Operation): string {
  return `${operation.process} ${operation.f} ${operation.startedMs}`;
}
