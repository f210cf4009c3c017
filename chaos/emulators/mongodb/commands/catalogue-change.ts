/** Changes of the catalogue that the engine makes at once: they wait for the transactions that write the collection. */
import type { WriteRecord } from '../changes/change.ts';
import { publishWrites } from '../changes/publish.ts';
import { WriteConflictError } from '../storage/errors.ts';
import { MongoError } from '../errors.ts';
import type { Operation } from './operation.ts';

/** Repeats `change` until no transaction is in its way; bounded by the operation's time limit. */
export async function changeCatalogue<T extends { readonly durable: Promise<void> }>(
  operation: Operation,
  change: () => T,
  writes: readonly WriteRecord[] = [],
): Promise<T> {
  for (;;) {
    operation.interruption.throwIfInterrupted();
    if (!operation.server.member.isPrimary) throw new MongoError('NotWritablePrimary', 'not primary');
    try {
      const result = change();
      operation.durable = result.durable;
      publishWrites(operation.server, writes, undefined);
      operation.operationTime = operation.server.clusterClock.operationTime;
      return result;
    } catch (thrown) {
      if (!(thrown instanceof WriteConflictError)) throw thrown;
      await operation.interruption.race(thrown.settled);
    }
  }
}
