/** A change of stored data as the change log keeps it, and its parts. */
import type { Timestamp } from 'bson';
import type { Document } from '../storage/contract.ts';

export type ChangeKind =
  | 'create'
  | 'createIndexes'
  | 'delete'
  | 'drop'
  | 'dropDatabase'
  | 'dropIndexes'
  | 'insert'
  | 'modify'
  | 'rename'
  | 'update';

/** What only changes to the catalogue have. */
interface CatalogueDetails {
  /** New name of a renamed collection. */
  readonly to?: string | undefined;
  /** `operationDescription` of changes to the catalogue. */
  readonly description?: Document | undefined;
  /** `stateBeforeChange` of a modification. */
  readonly stateBefore?: Document | undefined;
}

/** One write as the storage made it. */
export interface WriteRecord extends CatalogueDetails {
  readonly kind: ChangeKind;
  /** A database for `dropDatabase`. */
  readonly namespace: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** An update that replaced the whole document. */
  readonly isReplacement?: boolean;
  /** Of the collection; needed where it is gone when the change is published. */
  readonly uuid?: Uint8Array | undefined;
}

/** Where a change stands in the order of all: the writes of a transaction have one time and count from 0. */
export interface ChangePosition {
  readonly clusterTime: Timestamp;
  readonly index: number;
}

/** A position in numbers, and the time of the wall clock. */
export interface ChangePlace {
  /** Of the cluster time. */
  readonly seconds: number;
  readonly counter: number;
  readonly index: number;
  readonly wallTimeMs: number;
}

/** What was changed, and by whom. */
export interface ChangeOrigin extends CatalogueDetails {
  readonly namespace: string;
  readonly uuid: Uint8Array | undefined;
  readonly sessionId: string | undefined;
  readonly transactionNumber: bigint | undefined;
  /** The collection was to keep images of documents before and after changes. */
  readonly keepsImages: boolean;
}

export interface Change extends WriteRecord, ChangePosition, ChangeOrigin {
  readonly uuid: Uint8Array | undefined;
  readonly wallTimeMs: number;
}
