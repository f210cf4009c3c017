/** One multi-document transaction of a session: its state, its snapshot and what the client asked for at its start. */
import type { Timestamp } from 'bson';
import type { StorageTransaction } from '../storage/contract.ts';

export type TransactionState = 'active' | 'committed' | 'aborted';

export interface Transaction {
  readonly number: bigint;
  readonly storage: StorageTransaction;
  readonly startedAtMs: number;
  readonly readConcernLevel: string | undefined;
  state: TransactionState;
  /** Ends it when it lives longer than the server allows. */
  lifetime: Disposable | undefined;
  /** fsync of its commit. */
  durable: Promise<void> | undefined;
  /** Cluster time of its commit. */
  operationTime: Timestamp | undefined;
  /** Bytes written so far, bounded as in MongoDB. */
  writtenBytes: number;
}
