/**
 * The way of saves past the queue: one transaction with the saves and the journal row that invalidates them everywhere, for
 * Redis may not be there to be told. A save that the queue has applied meanwhile is recognised and not applied again.
 */
import type { Clock } from '../clock.ts';
import { announce, journalOverlapMs } from '../cache/journal.ts';
import type { Collections } from '../database/collections.ts';
import type { TransactionRunner } from '../database/transaction.ts';
import type { Deadline } from '../deadline.ts';
import type { Random } from '../random.ts';
import { applyWrites } from './apply-writes.ts';
import type { EntityWrite } from './entity-write.ts';
import { entityKeysOf } from './queue-entry.ts';
import type { Verdict } from './verdict.ts';

export interface DirectWriter {
  /** One verdict for each write, in order; durable and announced when it resolves. Throws when it may or may not be applied. */
  write(writes: readonly EntityWrite[], deadline: Deadline): Promise<readonly Verdict[]>;
}

interface DirectWriterOptions {
  readonly collections: Collections;
  readonly transactions: TransactionRunner;
  readonly clock: Clock;
  readonly random: Random;
}

export function createDirectWriter(options: DirectWriterOptions): DirectWriter {
  const { collections, transactions, clock, random } = options;
  return {
    write: async (writes, deadline) => {
      const keys = writes.flatMap((write) => [...entityKeysOf(write), ...write.lists]);
      let announcedMs = 0;
      const verdicts = await transactions.run(deadline, async (session) => {
        const judged = await applyWrites(collections, writes, session);
        announcedMs = clock.monotonicMs();
        await announce(collections.journal, random.uuid(), keys, session);
        return judged;
      });
      // Readers may have passed the row's time before the commit made it visible.
      if (clock.monotonicMs() - announcedMs > journalOverlapMs / 2) {
        await announce(collections.journal, random.uuid(), keys);
      }
      return verdicts;
    },
  };
}
