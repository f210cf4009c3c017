/** What a defect declares: which module of the system it stands in for, and what is claimed to catch it. */
export interface Defect {
  /** Name on the command line, and of the file here that holds the wrong module. */
  readonly name: string;
  readonly title: string;
  /** Module that is replaced, relative to `system/`. */
  readonly replaces: string;
  readonly scenario: string;
  readonly outage: string;
  /** Invariants of which at least one must be found violated. */
  readonly breaks: readonly string[];
}
