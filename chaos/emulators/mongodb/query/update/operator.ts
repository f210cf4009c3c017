/** What an update operator is: from the value at a path to the value after it. */
import type { Clock } from '../../../../clock.ts';

/** The field goes away. */
export const removed: unique symbol = Symbol('removed');
/** The field stays as it is, and is not created. */
export const unchanged: unique symbol = Symbol('unchanged');

export interface UpdateEnvironment {
  readonly clock: Clock;
  /** The document is about to be inserted by an upsert. */
  readonly isInsert: boolean;
}

/** `old` is undefined when the field is missing. */
export type FieldUpdate = (old: unknown, environment: UpdateEnvironment, path: string) => unknown;

/** Checks the operand once, when the update is compiled. */
export type UpdateOperator = (operand: unknown, path: string) => FieldUpdate;
