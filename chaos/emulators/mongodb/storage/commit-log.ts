/** What a commit consists of, and where it goes to become durable. */
import type { Document, IndexSpec, SessionRecord } from './contract.ts';

export type CatalogueChange =
  | {
      readonly kind: 'createCollection';
      readonly collectionId: number;
      readonly namespace: string;
      readonly uuid: Uint8Array;
      readonly options: Document;
    }
  | { readonly kind: 'createIndex'; readonly collectionId: number; readonly spec: IndexSpec }
  | { readonly kind: 'dropCollection'; readonly collectionId: number }
  | { readonly kind: 'dropIndex'; readonly collectionId: number; readonly name: string }
  | { readonly kind: 'modifyCollection'; readonly collectionId: number; readonly options: Document }
  | { readonly kind: 'modifyIndex'; readonly collectionId: number; readonly spec: IndexSpec }
  | { readonly kind: 'renameCollection'; readonly collectionId: number; readonly namespace: string };

/** `bytes` is undefined for a removal. */
export interface RecordWrite {
  readonly collectionId: number;
  readonly recordId: number;
  readonly bytes: Uint8Array | undefined;
}

export interface Commit {
  readonly timestamp: number;
  readonly catalogue: readonly CatalogueChange[];
  readonly writes: readonly RecordWrite[];
  readonly sessions: readonly SessionRecord[];
  readonly forgottenSessions: readonly string[];
}

export interface CommitLog extends AsyncDisposable {
  /** Throws when nothing can be written any more. */
  assertWritable(): void;
  /** Takes the commit at once; resolves when it is on disk, rejects when it may not be. */
  append(commit: Commit): Promise<void>;
  /** Resolves when everything appended so far is on disk. */
  flush(): Promise<void>;
}

/** Where nothing is kept, everything is as durable as it will be. */
export const memoryLog: CommitLog = {
  assertWritable: () => undefined,
  append: () => Promise.resolve(),
  flush: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
