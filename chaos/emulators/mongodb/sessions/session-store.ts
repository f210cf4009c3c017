/** All logical sessions, with what the journal remembered of them before a restart. */
import type { Clock } from '../../../clock.ts';
import { numberOf } from '../query/bson-value.ts';
import type { StorageEngine } from '../storage/contract.ts';
import { newSession } from './session.ts';
import type { Session } from './session.ts';

/** MongoDB's localLogicalSessionTimeoutMinutes. */
export const sessionTimeoutMinutes = 30;
/** Statement id under which a committed transaction is remembered. */
export const committedStatement = -1;

export class SessionStore {
  readonly #sessions = new Map<string, Session>();
  readonly #clock: Clock;
  readonly #engine: StorageEngine;

  constructor(engine: StorageEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
    for (const record of engine.sessionRecords()) {
      const session = this.get(record.sessionId);
      if (record.transactionNumber > session.transactionNumber) {
        session.transactionNumber = record.transactionNumber;
        session.statements = new Map();
        session.committedNumber = undefined;
      }
      if (record.transactionNumber < session.transactionNumber) continue;
      if (record.statementId === committedStatement) session.committedNumber = record.transactionNumber;
      else {
        const run = numberOf(record.reply['run']) ?? 1;
        for (let offset = 0; offset < run; offset += 1) {
          session.statements.set(record.statementId + offset, record.reply);
        }
      }
    }
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(id: string): Session {
    const known = this.#sessions.get(id);
    if (known !== undefined) {
      known.lastUseMs = this.#clock.nowMs();
      return known;
    }
    const session = newSession(id, this.#clock.nowMs());
    this.#sessions.set(id, session);
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  /** Sessions no one used for the timeout, and those ended, are forgotten. */
  forget(session: Session): void {
    this.#sessions.delete(session.id);
    this.#engine.forgetSession(session.id);
  }

  expired(): Session[] {
    const limit = this.#clock.nowMs() - sessionTimeoutMinutes * 60_000;
    return this.all().filter((session) => session.lastUseMs < limit && session.busy === undefined);
  }
}
