/** What commands may know of the connection that a request came by. */
import type { Authentication } from '../auth/authentication.ts';
import type { Document } from '../storage/contract.ts';

export interface ClientConnection {
  readonly id: number;
  readonly remoteAddress: string;
  /** From this machine. */
  readonly isLocal: boolean;
  readonly authentication: Authentication;
  /** Of `clientMetadata`. */
  readonly applicationName: string | undefined;
  readonly isClosed: boolean;
  /** `client` of the first hello, for currentOp and fail points. */
  clientMetadata: Document | undefined;
  close(): void;
}
