/** Mutants of what all operations on several entities share: locks, keys, the unit of work. */
import type { Mutant } from '../../chaos/api/index.ts';

export const compoundMutants: readonly Mutant[] = [
  {
    name: 'commit-invalidates-nothing',
    title: 'A transaction invalidates nothing in the caches',
    edits: [
      {
        file: 'system/compound/unit-of-work.ts',
        find: 'return [...this.#staleKeys];',
        replace: 'return [];',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I11'],
  },
  {
    name: 'compound-keys-ignored',
    title: 'A hire sent again under its Idempotency-Key hires again',
    edits: [
      {
        file: 'system/api/routes/compound.ts',
        find: 'return key === undefined ? operation : { ...operation, idempotencyKey: key };',
        replace: 'return operation;',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I8'],
    // A rate at which many hires are sent again.
    variant: { ratePerSecond: 40 },
  },
  {
    // An hour ahead settles auctions early, with no winner, and lets no bid in; an hour behind fails to settle what
    // is due again and again, and takes bids after closing time.
    name: 'due-by-the-clock-of-the-process',
    title: 'Compound operations judge what is due by the clock of their process',
    edits: [
      {
        file: 'system/compound/run-compound.ts',
        find: 'new Date(await asked)',
        replace: 'new Date((await asked) - (await asked) + clock.nowMs())',
      },
    ],
    scenario: 'auctions',
    fault: 'clock-jump',
    breaks: [],
    notJudged:
      'clock-jump changes the clocks of daemons only, and they select what is due by the clock of the database',
  },
  {
    name: 'general-of-any-session',
    title: 'A bidder is looked up without his session, and another world’s general pays',
    edits: [
      {
        file: 'system/compound/find-or-refuse.ts',
        find: 'const found = await unit.findOne(collections.entities.general, `${sessionId}:g${no}`);',
        replace: 'const [found = null] = await unit.find(collections.entities.general, { no });',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I3'],
    variant: { world: { sessions: 2, items: 20 } },
  },
  {
    // A transaction that is refused after this statement leaves the key behind: the repetition is answered as done, and nothing was.
    name: 'key-outside-transaction',
    title: 'The Idempotency-Key of a compound operation is kept outside of its transaction',
    edits: [
      {
        file: 'system/compound/answered-requests.ts',
        find: 'insertOne({ _id: id, session_id: sessionId, fingerprint, data, at }, { session })',
        replace: 'insertOne({ _id: id, session_id: sessionId, fingerprint, data, at })',
      },
    ],
    scenario: 'court',
    fault: 'api-last-statement-refused',
    breaks: ['I8', 'I10'],
  },
  {
    name: 'locks-left-out',
    title: 'An operation on several entities is done without its locks',
    edits: [
      {
        file: 'system/compound/run-compound.ts',
        find: 'underLocks(parts, operation, deadline, operation.locks, [])',
        replace: 'underLocks(parts, operation, deadline, [], [])',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I12'],
  },
  {
    // The Idempotency-Key of a request that was just answered is forgotten at once: sent again it takes effect twice.
    name: 'remembered-answers-by-the-clock-of-the-process',
    title: "The memory of requests is dated by the clock of the process, and ended by the database's",
    edits: [
      {
        file: 'system/compound/run-compound.ts',
        find: 'data: result.data, at: unit.now };',
        replace: 'data: result.data, at: new Date(clock.nowMs()) };',
      },
    ],
    scenario: 'court',
    fault: 'clock-jump',
    breaks: [],
    notJudged: 'clock-jump changes the clocks of daemons only',
  },
  {
    name: 'writes-outside-the-transaction',
    title: 'Documents are changed one after the other, outside the transaction',
    edits: [
      {
        file: 'system/compound/unit-of-work.ts',
        find: 'stored.documents.find(filter, { session: this.session })',
        replace: 'stored.documents.find(filter)',
      },
      {
        file: 'system/compound/unit-of-work.ts',
        find: 'stored.documents.replaceOne(filter, after, { session: this.session })',
        replace: 'stored.documents.replaceOne(filter, after)',
      },
    ],
    scenario: 'auctions',
    fault: 'mongo-commit-reply-lost',
    breaks: ['I4'],
    variant: { world: { items: 10 }, parameters: { share: 0.3, nth: 1, ending: 'close' } },
  },
];
