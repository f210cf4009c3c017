/** Storage transactions whose writes change streams hear of. */
import type { ServerState } from '../server-state.ts';
import type { StorageTransaction } from '../storage/contract.ts';
import { RecordingTransaction } from './recording-transaction.ts';

export interface Writer {
  readonly sessionId: string;
  /** Of a multi-document transaction. */
  readonly transactionNumber: bigint;
}

/** A transaction of several commands is recorded in any case: a stream may be opened before it commits. */
export function beginRecorded(server: ServerState, writer: Writer | undefined): StorageTransaction {
  const storage = server.engine.begin();
  if (writer === undefined && !server.changes.isEnabled) return storage;
  return new RecordingTransaction(storage, (writes) =>
    server.changes.publish(writes, {
      clusterTime: server.clusterClock.tick(),
      wallTimeMs: server.clock.nowMs(),
      sessionId: writer?.sessionId,
      transactionNumber: writer?.transactionNumber,
    }),
  );
}
