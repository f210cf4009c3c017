/** What is to be done with one message. */

/** How a connection ends under a fault: FIN or RST on both sides, or silence until the fault is removed. */
export const endings = ['close', 'hang', 'reset'] as const;
export type Ending = (typeof endings)[number];

/** What a held message waits for. */
export interface Gate {
  open: boolean;
}

export type Plan =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly delayMs: number; readonly onApplied: () => void }
  /** Waits until the gate is open and the filter was told. */
  | { readonly kind: 'hold'; readonly gate: Gate; readonly onApplied: () => void }
  /** Other bytes pass in its place. */
  | { readonly kind: 'replace'; readonly by: Buffer; readonly onApplied: () => void }
  | {
      readonly kind: 'finish';
      /** Bytes of the message that still pass; 'half' for half of it. Never all of them. */
      readonly afterBytes: number | 'half';
      readonly onApplied: () => void;
    };

export const pass: Plan = { kind: 'pass' };
