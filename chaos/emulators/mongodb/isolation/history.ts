/** What the list-append workload recorded of each transaction. */
export type Operation =
  | { readonly kind: 'append'; readonly key: number; readonly value: number }
  | { readonly kind: 'read'; readonly key: number; readonly values: readonly number[] };

export interface TransactionRecord {
  readonly id: number;
  /** ok: committed; fail: certainly not; info: unknown, as the reply to its commit was lost. */
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly operations: readonly Operation[];
  /** Any monotonic unit; a transaction that ended before another started must be visible to it. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export type AnomalyKind =
  | 'aborted-read'
  | 'dirty-write'
  | 'duplicate-value'
  | 'incompatible-order'
  | 'information-cycle'
  | 'intermediate-read'
  | 'internal'
  | 'lost-update'
  | 'nonadjacent-cycle'
  | 'read-skew'
  | 'unknown-value';

export interface Anomaly {
  readonly kind: AnomalyKind;
  /** Adya's name for it, or Elle's. */
  readonly name: string;
  readonly transactions: readonly number[];
  readonly detail: string;
}
