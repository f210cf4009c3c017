/** Mistakes in the HTTP API and in the actions of players. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const apiMutants: readonly Mutant[] = [
  {
    // The client is told an actionCount one lower than the general has at that version; the remembered answer repeats
    // the error.
    name: 'action-count-one-behind',
    title: 'The answer to an action counts the actions before it, not including it',
    edits: [
      {
        file: 'system/actions/perform-action.ts',
        find: 'actionCount: acted.action_count',
        replace: 'actionCount: before.action_count',
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    // A bid that is sent again after a lost answer is refused with bid_too_low although it was taken; without a
    // fault, a repetition is no longer answered "already".
    name: 'bid-ignores-idempotency-key',
    title: 'The Idempotency-Key of a bid is never looked at',
    edits: [
      {
        file: 'system/api/routes/compound.ts',
        find: `      const operation = keyed(request, {
        sessionId,
        request: { operation: 'bid', auction, ...request.body },
        locks: [],
        body: (unit) => placeBid(unit, collections, { ...request.body, sessionId, auction }),
      });`,
        replace: `      const operation: CompoundOperation = {
        sessionId,
        request: { operation: 'bid', auction, ...request.body },
        locks: [],
        body: (unit) => placeBid(unit, collections, { ...request.body, sessionId, auction }),
      };`,
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // With MongoDB slow or hanging, a 504 promises "definite: true" and its effect appears afterwards.
    name: 'deadline-reported-as-definite',
    title: 'A request that ran out of time says that nothing took effect',
    edits: [
      {
        file: 'system/errors.ts',
        find: `  deadline_exceeded: {
    status: 504,
    definite: false,`,
        replace: `  deadline_exceeded: {
    status: 504,
    definite: true,`,
      },
    ],
    scenario: 'writes',
    fault: 'mongo-slow',
    breaks: ['I10'],
    // MongoDB applies the write and answers after the deadline of the request.
    variant: {
      durationMs: 6_000,
      window: { applyAtMs: 1_500, healAtMs: 4_000 },
      parameters: { latencyMs: 900, jitterMs: 50 },
    },
  },
  {
    // With MongoDB slow or hanging, requests of players take up to ADMIN_DEADLINE_MS instead of REQUEST_DEADLINE_MS.
    name: 'every-request-has-admin-deadline',
    title: 'Every route gets the deadline of the admin routes',
    edits: [
      {
        file: 'system/api/deadlines.ts',
        find: "request.url.startsWith('/api/admin/')",
        replace: "request.url.startsWith('/api/')",
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I16'],
    variant: { durationMs: 6_000, window: { applyAtMs: 1_500, healAtMs: 5_000 } },
  },
  {
    // After one failed action (an outage, a reused key) every later action of that general through the same process
    // ends with 504, until the process is restarted.
    name: 'failed-action-blocks-general',
    title: 'A failed action never leaves the queue of its general',
    edits: [
      {
        file: 'system/actions/keyed-queue.ts',
        find: `    try {
      await deadline.race(previous);
      return await work();
    } finally {
      finish();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }`,
        replace: `    await deadline.race(previous);
    const result = await work();
    finish();
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
    return result;`,
      },
    ],
    scenario: 'writes',
    fault: 'mongo-restart',
    breaks: ['redcliff_unavailable'],
    // Most of the load comes after the outage.
    variant: { durationMs: 9_000, window: { applyAtMs: 1_000, healAtMs: 2_500 } },
  },
  {
    // From the 33rd action of a general on, a repeated request is applied again: action_count and experience grow
    // twice.
    name: 'newest-keys-forgotten',
    title: 'A general keeps its first 32 idempotency keys and forgets all later ones',
    edits: [
      {
        file: 'system/actions/remembered-answer.ts',
        find: '.slice(-recentKeysLimit)',
        replace: '.slice(0, recentKeysLimit)',
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I10'],
    // So few generals that each acts more than 32 times.
    variant: { world: { generals: 4 } },
  },
  {
    // An order for slot 50 is answered 200 and stored, instead of 400 with the field named.
    name: 'order-slot-fifty-accepted',
    title: 'The limit of the order slots is off by one',
    edits: [{ file: 'system/actions/command.ts', find: '.max(orderSlots - 1)', replace: '.max(orderSlots)' }],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // POST /api/admin/cache/preload is answered 200 without a token, instead of 401.
    name: 'preload-without-token',
    title: 'The route that warms the cache does not ask for the admin token',
    edits: [
      {
        file: 'system/api/routes/admin.ts',
        find: "{ onRequest, schema: { summary: 'Warm the cache'",
        replace: "{ schema: { summary: 'Warm the cache'",
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // A 503 or 504 during an outage does not tell the client when to try again.
    name: 'retry-time-not-told',
    title: 'Error answers carry no Retry-After',
    edits: [
      {
        file: 'system/api/answer-errors.ts',
        find: `  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds));
`,
        replace: '',
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I20'],
  },
  {
    // A 500, such as the end of a battle while MongoDB is away, shows the client stack lines with paths of files.
    name: 'stack-trace-in-answer',
    title: 'An unexpected error is answered with its stack trace',
    edits: [
      {
        file: 'system/api/answer-errors.ts',
        find: "if (!isFastifyError(error)) return new SystemError('internal', 'the request failed', { cause: error });",
        replace: `if (!isFastifyError(error)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return new SystemError('internal', message, { cause: error });
  }`,
      },
    ],
    scenario: 'occupations',
    fault: 'mongo-down',
    breaks: [],
    notJudged: 'texts of error answers are not judged',
  },
  {
    // The lists of a session that does not exist are answered 200 with no entries, instead of 404 session_unknown.
    name: 'unknown-world-has-empty-lists',
    title: 'An empty list is not checked against the existence of its session',
    edits: [
      {
        file: 'system/api/routes/reads.ts',
        find: `    if (list.length === 0) await session(id);
`,
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I20'],
  },
];
