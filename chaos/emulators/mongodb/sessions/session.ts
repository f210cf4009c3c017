/**
 * A logical session: its newest transaction number and what it means, either a transaction or a retryable write whose
 * statements are remembered so that a repetition gets the same answer.
 */
import type { Document } from '../storage/contract.ts';
import type { Transaction } from './transaction.ts';

export interface Session {
  /** Hexadecimal form of the client's `lsid.id`. */
  readonly id: string;
  lastUseMs: number;
  /** Newest number seen, -1 before the first. */
  transactionNumber: bigint;
  transaction: Transaction | undefined;
  /** Replies of the statements of the retryable write `transactionNumber`, by statement id. */
  statements: Map<number, Document>;
  /** Number of a transaction committed before a restart; its commit may be repeated. */
  committedNumber: bigint | undefined;
  /** Resolves when the command that has the session for itself ends. */
  busy: Promise<void> | undefined;
  readonly snapshots: Set<string>;
}

export function newSession(id: string, nowMs: number): Session {
  return {
    id,
    lastUseMs: nowMs,
    transactionNumber: -1n,
    transaction: undefined,
    statements: new Map(),
    committedNumber: undefined,
    busy: undefined,
    snapshots: new Set(),
  };
}
