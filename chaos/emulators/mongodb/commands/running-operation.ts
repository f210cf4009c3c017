/** What the rest of the server knows of a command while it runs, to list it and to interrupt it. */
import type { Interruption } from '../interruption.ts';
import type { Session } from '../sessions/session.ts';
import type { Transaction } from '../sessions/transaction.ts';
import type { Document } from '../storage/contract.ts';
import type { ClientConnection } from '../wire/client-connection.ts';
import type { CommandTraits } from './command-traits.ts';

export interface RunningOperation {
  readonly id: number;
  readonly command: CommandTraits;
  readonly body: Document;
  readonly database: string;
  readonly connection: ClientConnection;
  readonly startedAtMs: number;
  readonly session: Session | undefined;
  /** The multi-document transaction that the command is part of. */
  readonly transaction: Transaction | undefined;
  readonly interruption: Interruption;
}
