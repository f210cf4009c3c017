/** The state that is sent to the live page once a second. */
import type { ChartData } from '../../reports/render/html/chart-data.ts';

export interface LiveState {
  /** What is shown, such as a cell. */
  readonly title: string;
  /** Its stage, in a few words. */
  readonly stage: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Faults in force and those healed, newest first, each in a sentence. */
  readonly faults: readonly { readonly fault: string; readonly inForce: boolean; readonly text: string }[];
  readonly data: ChartData;
}
