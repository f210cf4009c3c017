/** One command being carried out: its arguments, its session and transaction, its snapshot and what its reply must wait for. */
import type { Timestamp } from 'bson';
import type { ClientConnection } from '../wire/client-connection.ts';
import { MongoError } from '../errors.ts';
import { Interruption } from '../interruption.ts';
import type { ServerState } from '../server-state.ts';
import type { Session } from '../sessions/session.ts';
import type { Transaction } from '../sessions/transaction.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { Arguments } from './arguments.ts';
import type { CommandTraits } from './command-traits.ts';
import { defaultWriteConcern } from './concerns.ts';
import type { ReadConcern, WriteConcern } from './concerns.ts';
import { namespaceOf } from './namespace.ts';
import type { RunningOperation } from './running-operation.ts';
import { compileExpression } from '../aggregation/expression.ts';
import type { ExpressionEnvironment } from '../aggregation/expression.ts';

export interface OperationInput {
  readonly server: ServerState;
  readonly connection: ClientConnection;
  readonly command: CommandTraits;
  readonly body: Document;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly database: string;
  readonly exhaustAllowed: boolean;
}

export class Operation implements RunningOperation {
  readonly id: number;
  readonly server: ServerState;
  readonly connection: ClientConnection;
  readonly command: CommandTraits;
  readonly body: Document;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly database: string;
  readonly exhaustAllowed: boolean;
  readonly arguments: Arguments;
  readonly startedAtMs: number;
  readonly interruption = new Interruption();
  session: Session | undefined;
  transaction: Transaction | undefined;
  /** Number of the retryable write this command is, outside of a transaction. */
  retryNumber: bigint | undefined;
  writeConcern: WriteConcern = defaultWriteConcern;
  readConcern: ReadConcern = { level: undefined, afterClusterTime: undefined, atClusterTime: undefined };
  /** fsync of the last commit of this command. */
  durable: Promise<void> | undefined;
  /** Cluster time of this command's last write, or of what it reads. */
  operationTime: Timestamp | undefined;
  /** The last write of this command is remembered for its repetition. */
  attachedReply = false;
  /** A fail point has the connection closed instead of the reply sent. */
  closesConnection = false;
  /** One statement of a bulkWrite. */
  isPartOfBulk = false;
  /** The reply is followed by others unasked. */
  exhaust = false;
  #namespace: string | undefined;
  #snapshot: StorageTransaction | undefined;
  #snapshotKept = false;
  #deadline: Disposable | undefined;
  #environment: ExpressionEnvironment | undefined;

  constructor(input: OperationInput) {
    this.server = input.server;
    this.id = input.server.nextOperationId();
    this.connection = input.connection;
    this.command = input.command;
    this.body = input.body;
    this.sequences = input.sequences;
    this.database = input.database;
    this.exhaustAllowed = input.exhaustAllowed;
    this.arguments = new Arguments(input.body, input.command.name);
    this.startedAtMs = input.server.clock.nowMs();
  }

  /** Namespace of the collection the command names in its own field. */
  get namespace(): string {
    this.#namespace ??= namespaceOf(this.database, Object.values(this.body)[0]);
    return this.#namespace;
  }

  /** What expressions of this command may refer to; the values of `let` are computed once. */
  get environment(): ExpressionEnvironment {
    this.#environment ??= {
      nowMs: this.startedAtMs,
      random: this.server.random,
      clusterTime: this.server.clusterClock.now(),
      ...this.#variables(),
    };
    return this.#environment;
  }

  #variables(): ExpressionEnvironment {
    const given = this.arguments.documentField('let');
    if (given === undefined) return {};
    const constant = { nowMs: this.startedAtMs };
    const values = Object.entries(given).map(([name, value]): [string, unknown] => [
      name,
      compileExpression(value, constant)({}) ?? null,
    ]);
    return { variables: Object.fromEntries(values) };
  }

  /** Interrupts the operation with MaxTimeMSExpired after `milliseconds`. */
  limitTime(milliseconds: number): void {
    this.#deadline = this.server.clock.timer(milliseconds, () =>
      this.interruption.interrupt(new MongoError('MaxTimeMSExpired', 'operation exceeded time limit')),
    );
  }

  /** What this command reads from: its transaction, or a snapshot of its own. */
  snapshot(): StorageTransaction {
    if (this.transaction !== undefined) return this.transaction.storage;
    if (this.#snapshot === undefined) {
      const held = this.server.snapshots.forReadConcern(this.readConcern);
      this.#snapshotKept = held !== undefined;
      this.#snapshot = held ?? this.server.engine.begin();
    }
    return this.#snapshot;
  }

  /** A cursor goes on reading from the snapshot, and ends it. */
  keepSnapshot(): void {
    this.#snapshotKept = true;
  }

  close(): void {
    this.#deadline?.[Symbol.dispose]();
    if (this.#snapshot !== undefined && !this.#snapshotKept) this.#snapshot.abort();
    this.#snapshot = undefined;
  }
}
