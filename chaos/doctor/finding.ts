/** What the doctor found about one thing that the harness needs or can use. */
import type { Clock } from '../clock.ts';

export interface Finding {
  readonly name: string;
  /** `ok`: present. `missing`: needed and absent. `optional`: absent, and not needed. */
  readonly state: 'ok' | 'missing' | 'optional';
  readonly detail: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
}

/** What a check examines; injected, so that tests can simulate another machine. */
export interface Surroundings {
  /** Root of the repository. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

export interface Check {
  readonly name: string;
  run(surroundings: Surroundings): Promise<Omit<Finding, 'name'>>;
}

export function ok(detail: string): Omit<Finding, 'name'> {
  return { state: 'ok', detail, remedy: null };
}

export function missing(detail: string, remedy: string): Omit<Finding, 'name'> {
  return { state: 'missing', detail, remedy };
}

export function optional(detail: string, remedy: string): Omit<Finding, 'name'> {
  return { state: 'optional', detail, remedy };
}
