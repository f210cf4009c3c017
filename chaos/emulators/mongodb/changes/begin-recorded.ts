/** Storage transactions whose writes change streams hear of. */
import type { ServerState } from '../server-state.ts';
import type { StorageTransaction } from '../storage/contract.ts';
import { publishWrites } from './publish.ts';
import type { Writer } from './publish.ts';
import { RecordingTransaction } from './recording-transaction.ts';

/** Every commit is recorded, as a stream opened later may start at its time. */
export function beginRecorded(server: ServerState, writer: Writer | undefined): StorageTransaction {
  return new RecordingTransaction(server.engine.begin(), (writes) => publishWrites(server, writes, writer));
}
