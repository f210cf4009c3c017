/** The durable memory of retryable writes and committed transactions: the newest transaction number of each session. */
import type { SessionRecord } from './contract.ts';

export class SessionRecords {
  readonly #sessions = new Map<string, { transactionNumber: bigint; records: Map<number, SessionRecord> }>();

  add(record: SessionRecord): void {
    const session = this.#sessions.get(record.sessionId);
    if (session === undefined || record.transactionNumber > session.transactionNumber) {
      const records = new Map([[record.statementId, record]]);
      this.#sessions.set(record.sessionId, { transactionNumber: record.transactionNumber, records });
    } else if (record.transactionNumber === session.transactionNumber) {
      session.records.set(record.statementId, record);
    }
  }

  forget(sessionId: string): boolean {
    return this.#sessions.delete(sessionId);
  }

  *all(): IterableIterator<SessionRecord> {
    for (const session of this.#sessions.values()) yield* session.records.values();
  }
}
