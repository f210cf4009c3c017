/** What a simulated cell comes to, as it crosses from the thread that ran it. */
import type { Cell } from '../../reports/record/report.ts';

export interface SimulatedCell {
  /** Of the whole trace: 64 hexadecimal digits; empty when the simulation could not go on. */
  readonly hash: string;
  readonly events: number;
  /** Virtual time. */
  readonly simulatedMs: number;
  /** Null when the harness failed before there was one. */
  readonly cell: Cell | null;
  /** Why the harness failed, or null. */
  readonly problem: string | null;
}
