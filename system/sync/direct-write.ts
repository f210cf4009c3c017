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
import { entityKeysOf } from './queue-entry.ts';
import type { Carrier, Judged } from './verdict.ts';

export interface DirectWriter {
  /** Each write with its verdict, in any order; durable and announced when it resolves. Throws when it may or may not be applied. */
  write<T extends Carrier>(carriers: readonly T[], deadline: Deadline): Promise<readonly Judged<T>[]>;
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
    write: async (carriers, deadline) => {
      const keys = carriers.flatMap(({ write }) => [...entityKeysOf(write), ...write.lists]);
      let announcedMs = 0;
      const judgedWrites = await transactions.run(deadline, async (session) => {
        const applied = await applyWrites(collections, carriers, session);
        announcedMs = clock.monotonicMs();
        await announce(collections.journal, random.uuid(), keys, session);
        return applied;
      });
      // Readers may have passed the row's time before the commit made it visible.
      if (clock.monotonicMs() - announcedMs > journalOverlapMs / 2) {
        await announce(collections.journal, random.uuid(), keys);
      }
      return judgedWrites;
    },
  };
}
