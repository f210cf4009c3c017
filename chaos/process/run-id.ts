/**
 * The identity of one run of the harness. The only identifier that does not come from the seed: two runs with the same
 * seed at the same time must not take each other's processes for their own.
 */
import { randomUUID } from 'node:crypto';

export function newRunId(): string {
  return randomUUID();
}

/** Every process of a run carries the run's id in this variable, by which the reaper finds it. */
export const runIdVariable = 'REDCLIFF_RUN_ID';
