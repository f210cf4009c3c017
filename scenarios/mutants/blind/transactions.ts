/** Mistakes in transactions and in what is remembered and told of compound operations. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const transactionMutants: readonly Mutant[] = [
  {
    // After connections to MongoDB were reset or hung, documents of such a transaction stay locked until the server
    // ends it, and operations on them get 503 meanwhile.
    name: 'abandoned-transaction-left-open',
    title: 'A transaction whose abort was lost is left to the server',
    edits: [
      {
        file: 'system/database/transaction.ts',
        find: `        if (!committed && (cutOff || session.serverSession.isDirty)) abandoned.add(session);
`,
        replace: '',
      },
    ],
    scenario: 'auctions',
    fault: 'mongo-hang',
    breaks: [],
    notJudged: 'failures after the heal end with the load, before the limit of recovery',
  },
  {
    // A key used in one session is refused as reused in another, or answered "already" with data of the other
    // session; answered_requests has ids without the session.
    name: 'answer-key-without-world',
    title: 'An Idempotency-Key of a compound operation is shared by all sessions',
    edits: [
      {
        file: 'system/compound/run-compound.ts',
        find: 'id: `${sessionId}:${idempotencyKey}`',
        replace: 'id: `${idempotencyKey}`',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    // When MongoDB loses replies to commits, or goes away during one, clients get a definite 503 for an operation
    // that took effect.
    name: 'commit-without-answer-called-failed',
    title: 'A commit without an answer until the deadline is reported as not done',
    edits: [
      {
        file: 'system/database/transaction.ts',
        find: "throw new SystemError('outcome_unknown', 'the answer to the commit was lost', { cause: error });",
        replace:
          "throw new SystemError('database_unavailable', 'MongoDB did not answer the commit', { cause: error });",
      },
    ],
    scenario: 'court',
    fault: 'mongo-commit-reply-lost',
    breaks: [],
    notJudged: 'the deadline of the request is over, and answered, before the commit is given up',
  },
  {
    // When MongoDB loses replies to commits, operations without an Idempotency-Key take effect twice (two hires), and
    // those with one are answered as repetitions or refusals.
    name: 'commit-without-answer-runs-body-again',
    title: 'A commit without an answer is followed by another transaction instead of another commit',
    edits: [
      {
        file: 'system/database/transaction.ts',
        find: `      mayBeCommitted ||= hasLabel(error, 'UnknownTransactionCommitResult') || !isServerError(error);
      if (!mayBeCommitted) throw error;
      if (deadline.remainingMs() <= 0) {
        throw new SystemError('outcome_unknown', 'the answer to the commit was lost', { cause: error });
      }
      await clock.sleep(commitRetryMs);`,
        replace: '      throw error;',
      },
      {
        file: 'system/database/transaction.ts',
        find: 'const outlasted = !committing && isOutage(error)',
        replace: 'const outlasted = isOutage(error)',
      },
    ],
    scenario: 'court',
    fault: 'mongo-commit-reply-lost',
    breaks: [],
    notJudged: 'every request of a script has an Idempotency-Key',
  },
  {
    // A hired general is missing in GET …/generals for up to L2_TTL_SECONDS.
    name: 'inserted-document-not-announced',
    title: 'An inserted document does not invalidate the lists that it belongs to',
    edits: [
      {
        file: 'system/compound/unit-of-work.ts',
        find: `    this.#markStale(stored, whole);
`,
        replace: '',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: [],
    notJudged: 'the next turn invalidates the lists again before they are read at rest',
  },
  {
    // An operation does not see its own writes: a nation that loses its last city by a battle is not destroyed, a
    // raised bid ends with 500.
    name: 'reads-outside-the-transaction',
    title: 'Reads of a compound operation are made outside its transaction',
    edits: [
      {
        file: 'system/compound/unit-of-work.ts',
        find: 'stored.documents.find(filter, { session: this.session }).toArray()',
        replace: 'stored.documents.find(filter).toArray()',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['redcliff_unavailable'],
    // Few bidders, so that many outbid themselves, which is answered 500.
    variant: { world: { generals: 6, items: 6 } },
  },
  {
    // A client that sends a request again is told "applied" twice for one effect, and 201 for a general that was
    // hired before.
    name: 'repeated-request-reported-as-applied',
    title: 'The repetition of a request under its key is reported as applied now',
    edits: [
      {
        file: 'system/compound/run-compound.ts',
        find: "result: { outcome: 'already', data: answered } as const",
        replace: "result: { outcome: 'applied', data: answered } as const",
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // A different request under a used key is answered 200 "already" with data of the first one and does nothing,
    // instead of 409.
    name: 'reused-key-not-refused',
    title: 'The request that an Idempotency-Key belongs to is not compared',
    edits: [
      {
        file: 'system/compound/answered-requests.ts',
        find: 'if (found.fingerprint !== request.fingerprint) {',
        replace: "if (found.fingerprint === '') {",
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // Operations on the same documents at the same time get 503 database_unavailable although MongoDB is well.
    name: 'write-conflict-not-tried-again',
    title: 'A transaction that meets a write conflict is not tried again',
    edits: [
      {
        file: 'system/database/transaction.ts',
        find: "if (!outlasted && !hasLabel(error, 'TransientTransactionError')) throw error;",
        replace: 'if (!outlasted) throw error;',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['redcliff_unavailable'],
  },
];
