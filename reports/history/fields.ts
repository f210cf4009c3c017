/**
 * Typed access to the fields of an operation's value. A field that must be there and is not throws: a checker that
 * meets one can not judge, and its verdict becomes `unknown` instead of quietly ignoring the line.
 */
import type { Operation } from './operation.ts';

/** Throws a TypeError when the value has no text of that name. */
export function textField(operation: Operation, field: string): string {
  const found = operation.value[field];
  if (typeof found !== 'string') throw missing(operation, field, 'text');
  return found;
}

/** Throws a TypeError when the value has no number of that name. */
export function numberField(operation: Operation, field: string): number {
  const found = operation.value[field];
  if (typeof found !== 'number') throw missing(operation, field, 'number');
  return found;
}

/** HTTP status of the answer, 0 when there was none. */
export function statusOf(operation: Operation): number {
  return numberField(operation, 'status');
}

/** Whether the system did not serve it: no answer, or an error of its own. */
export function isUnserved({ value }: Operation): boolean {
  const status = value['status'];
  return typeof status === 'number' && (status === 0 || status >= 500);
}

/** How many requests, one after the other, an operation made: a change sent twice under one key is one operation. */
export function attemptsOf(operation: Operation): number {
  const attempts = operation.value['attempts'];
  return typeof attempts === 'number' && attempts > 1 ? attempts : 1;
}

/**
 * True for an operation that did not end `ok` and may have taken effect all the same: one that ended `info`, and one made of
 * several requests, for `fail` tells the end of one of them only.
 */
export function isUnclear(operation: Operation): boolean {
  return operation.type === 'info' || (operation.type === 'fail' && attemptsOf(operation) > 1);
}

function missing(operation: Operation, field: string, kind: string): TypeError {
  return new TypeError(
    `${operation.f} of process ${operation.process} at ${operation.startedMs} ms has no ${kind} "${field}" in its value`,
  );
}
