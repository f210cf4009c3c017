/** Mutants of the HTTP API. */
import type { Mutant } from '../../chaos/api/index.ts';

export const apiMutants: readonly Mutant[] = [
  {
    name: 'deadline-not-raced',
    title: 'The deadline is checked between steps only, and a step that hangs is waited for',
    edits: [
      {
        file: 'system/deadline.ts',
        find: 'return Promise.race([work, this.#expired]);',
        replace: 'return work;',
      },
    ],
    scenario: 'reads',
    fault: 'mongo-hang',
    breaks: ['I16'],
    // The step hangs for longer than any delay of a busy machine.
    variant: {
      durationMs: 6_000,
      window: { applyAtMs: 1_500, healAtMs: 5_000 },
      settings: { DATABASE_NETWORK_TIMEOUT_MS: '4000' },
    },
  },
  {
    name: 'errors-all-definite',
    title: 'Every failure says that nothing took effect, also one that may have',
    edits: [
      {
        file: 'system/api/answer-errors.ts',
        find: "definite: error.definite || method === 'GET' || method === 'HEAD',",
        replace: 'definite: true,',
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
    name: 'idempotency-key-ignored',
    title: 'A request sent again under its key is a new request',
    edits: [
      {
        file: 'system/api/routes/actions.ts',
        find: "request.headers['idempotency-key'] ?? system.random.uuid()",
        replace: 'system.random.uuid()',
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    // A request that is sent again makes a second world.
    name: 'key-of-a-new-world-ignored',
    title: 'The Idempotency-Key of POST /api/admin/sessions is not looked at',
    edits: [
      {
        file: 'system/world/make-world.ts',
        find: `  if (idempotencyKey === undefined) return undefined;
  // No session`,
        replace: `  if (idempotencyKey !== 'none') return undefined;
  // No session`,
      },
      {
        file: 'system/world/make-world.ts',
        find: 'request.sessionId ?? newSessionId(parts.random, request.idempotencyKey)',
        replace: 'request.sessionId ?? newSessionId(parts.random, undefined)',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: [],
    notJudged: 'no scenario makes worlds during the load',
  },
  {
    // POST battles/finish, cache/preload and others are answered 500 without Retry-After.
    name: 'outages-answered-as-internal',
    title: 'An outage of MongoDB that no part has named is answered as an internal error',
    edits: [
      {
        file: 'system/api/answer-errors.ts',
        find: `  if (isOutage(error)) return outage(error, method);
`,
        replace: '',
      },
      {
        file: 'system/compound/operations.ts',
        find: '  const found = await readFresh(collections.battles, `${sessionId}:b${battle}`);',
        replace:
          '  const found = await collections.battles.documents.findOne({ _id: `${sessionId}:b${battle}` });',
      },
    ],
    scenario: 'occupations',
    fault: 'mongo-down',
    breaks: [],
    notJudged: 'status codes and headers of failures are not judged',
  },
  {
    name: 'requests-without-deadline',
    title: 'Requests have no deadline, and wait for MongoDB as long as it takes',
    edits: [
      {
        file: 'system/api/deadlines.ts',
        find: "const budgetMs = request.url.startsWith('/api/admin/') ? options.adminMs : options.requestMs;",
        replace: 'const budgetMs = 3_600_000;',
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I16'],
    variant: { durationMs: 6_000, window: { applyAtMs: 1_500, healAtMs: 5_000 } },
  },
  {
    // A 503 without Retry-After, error code and request id.
    name: 'stopping-process-answers-in-another-form',
    title: "A request that comes in while the process stops gets the server framework's own 503",
    edits: [
      {
        file: 'system/api/server.ts',
        find: `    return503OnClosing: false,
`,
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'rolling-restart',
    breaks: [],
    notJudged: 'status codes and headers of failures are not judged',
  },
  {
    // Turns begin an hour late, or at once.
    name: 'worlds-by-the-clock-of-the-process',
    title: 'The first turn of a new world is due by the clock of the process that makes it',
    edits: [
      {
        file: 'system/world/make-world.ts',
        find: '      const at = new Date(await parts.serverTimeMs());',
        replace: '      const at = new Date(parts.lock.clock.nowMs());',
      },
    ],
    scenario: 'turns',
    fault: 'clock-jump',
    breaks: [],
    notJudged: 'clock-jump changes the clocks of daemons only, and worlds are made before the load',
  },
];
