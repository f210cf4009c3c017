/** What the operations of the game's clients mean to the invariants. */
import { numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';

/** The general an operation is about, as one key. */
export function generalKey(operation: Operation): string {
  return `${textField(operation, 'sessionId')}/${numberField(operation, 'no')}`;
}

export const readKinds = [
  'list-cities',
  'list-generals',
  'list-nations',
  'read-city',
  'read-general',
  'read-nation',
  'read-session',
] as const;

export function isRead(operation: Operation): boolean {
  return operation.f.startsWith('read-') || operation.f.startsWith('list-');
}

/** True when the answer says that what was asked for is done: now, or before. `skipped` says only that another process was at it. */
export function saysDone({ type, value }: Operation): boolean {
  return type === 'ok' && (value['outcome'] === 'applied' || value['outcome'] === 'already');
}

/** True when the turn of an ended `turn` operation is known to be processed: applied now, or already before. */
export function acknowledgesTurn(operation: Operation): boolean {
  return operation.f === 'turn' && saysDone(operation);
}
