/** What the doctor found about one thing that the harness needs or can use. */
import type { Clock } from '../clock.ts';

export interface Finding {
  readonly name: string;
  /** `ok` it is here; `missing` it is needed and not here; `optional` it is not here, and can be done without. */
  readonly state: 'ok' | 'missing' | 'optional';
  readonly detail: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
}

/** What a check looks at, injected so that it can be shown another machine. */
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
