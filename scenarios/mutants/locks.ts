/** Mutants of the locks and in what must hold without them. */
import type { Mutant } from '../../chaos/api/index.ts';

export const lockMutants: readonly Mutant[] = [
  {
    // At the default level nothing tells why work was skipped or refused.
    name: 'failed-locks-logged-at-debug',
    title: 'A lock that is not acquired is logged at debug only',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: "    logger.warn({ key, ...options.context, error: describeError(failure) }, 'lock not acquired');",
        replace:
          "    logger.debug({ key, ...options.context, error: describeError(failure) }, 'lock not acquired');",
      },
      {
        file: 'system/lock/acquire.ts',
        find: "  logger.info({ key, ...options.context }, 'lock not acquired, another process holds it');",
        replace:
          "  logger.debug({ key, ...options.context }, 'lock not acquired, another process holds it');",
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: [],
    notJudged: 'logs are not judged',
  },
  {
    name: 'fence-not-compared',
    title: 'Writes under a lock carry their fencing token, but it is not compared',
    edits: [
      {
        file: 'system/sync/entity-write.ts',
        find: 'return fence === undefined ? {} : { turn_fence: { $lte: fence } };',
        replace: 'return {};',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-paused',
    breaks: ['I12'],
    // Turns are far apart, so that the processor is paused at the beginning of one. It resumes as soon as another processor has taken
    // the turn over, and still waits for the saves it had sent. Those of the few generals are refused by their version; both processors
    // then work on the many cities at the same time.
    variant: {
      durationMs: 7_000,
      world: { sessions: 1, generals: 30, cities: 400 },
      // Clients that ask for turns would take most of them from the processors.
      ratePerSecond: 8,
      settings: {
        TURN_PERIOD_MS: '2000',
        TURN_CHUNK_SIZE: '2',
        TURN_LOCK_TTL_SECONDS: '1',
        TURN_DEADLINE_MS: '20000',
        SYNC_CONFIRM_TIMEOUT_MS: '8000',
      },
      window: { applyAtMs: 800, healAtMs: 1_000 },
      parameters: { searchMs: 4_000 },
    },
  },
  {
    name: 'lock-never-expires',
    title: 'A lock that is not released never expires',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: "set(key, token, 'EX', options.ttl, 'NX')",
        replace: "set(key, token, 'NX')",
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: ['I13'],
  },
  {
    // Requests that need a lock are answered 500 without Retry-After.
    name: 'lock-refused-is-internal',
    title: 'An error reply of Redis to the SET of a lock is passed on as it is',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: "      throw new RedisUnavailableError('Redis refused the lock', error);",
        replace: '      throw error;',
      },
    ],
    scenario: 'locks',
    fault: 'redis-full',
    breaks: [],
    notJudged: 'status codes and headers of failures are not judged',
  },
  {
    name: 'lock-ttl-in-milliseconds',
    title: 'A lock lives a thousand times as long as it should',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: "set(key, token, 'EX', options.ttl, 'NX')",
        replace: "set(key, token, 'EX', options.ttl * 1_000, 'NX')",
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: ['I13'],
  },
  {
    // No fence in front of the transaction; nation:lock of the contract is taken nowhere.
    name: 'nation-lock-left-out',
    title: 'A destruction by request takes no lock',
    edits: [
      {
        file: 'system/compound/operations.ts',
        find: '    locks: [{ key: lockKeys.nation(sessionId, nation), policy: lockPolicies(config).nationDestruction }],',
        replace: '    locks: [],',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: [],
    notJudged: 'destructions leave no token that is counted per nation',
  },
  {
    // A hundred attempts a second become thousands of EVALSHA a second that last for the TTL of the lock.
    name: 'release-loop-for-each-attempt',
    title:
      'Each attempt at a lock that fails starts a loop of its own that sends a release every 500 ms, also when nothing was sent',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: '    if (sent) releases.oweUnanswered({ key, token, expiresAtMs });',
        replace: '    void releaseInTheEnd(parts, key, token, expiresAtMs);',
      },
      {
        file: 'system/lock/acquire.ts',
        find: '/** Undefined when another holds it. Throws RedisUnavailableError. */',
        replace: `async function releaseInTheEnd(parts: LockParts, key: string, token: string, expiresAtMs: number) {
  while (parts.clock.monotonicMs() < expiresAtMs && parts.client.status !== 'end') {
    try {
      await sendReleases(parts.client, [{ key, token, expiresAtMs }]);
      return;
    } catch {
      await parts.clock.sleep(500);
    }
  }
}

/** Undefined when another holds it. Throws RedisUnavailableError. */`,
      },
      {
        file: 'system/lock/acquire.ts',
        find: "import type { OwedReleases } from './owed-releases.ts';",
        replace: `import type { OwedReleases } from './owed-releases.ts';
import { sendReleases } from './release.ts';`,
      },
    ],
    scenario: 'locks',
    fault: 'redis-down',
    breaks: [],
    notJudged: 'the rate of commands to Redis is not judged',
  },
  {
    // The lock stays for its whole TTL: the turns of the session stop for up to 600 s, a city or battle for minutes.
    name: 'release-tried-once',
    title: 'A release without an answer is not tried again',
    edits: [
      {
        file: 'system/lock/release.ts',
        find: `    releases.owe(lock);
`,
        replace: '',
      },
    ],
    scenario: 'turns',
    fault: 'redis-hang',
    breaks: [],
    notJudged: 'that turns go on after a fault is not judged',
  },
  {
    // The lock stays without a holder for the rest of its TTL: turns of the session stop for up to 600 s.
    name: 'released-locks-return-with-a-snapshot',
    title: 'Locks that were released since the snapshot are not released again',
    edits: [
      {
        file: 'system/system.ts',
        find: '    onRestart: () => releases.repeatReleased(),',
        replace: '    onRestart: () => undefined,',
      },
    ],
    scenario: 'turns',
    fault: 'redis-restart',
    breaks: [],
    notJudged: 'no fault restarts Redis from an older snapshot',
  },
  {
    // The lock is taken after its release and blocks its work for its whole TTL.
    name: 'stray-set-not-expected',
    title: 'A release that finds nothing settles a SET without an answer, though the SET may still arrive',
    edits: [
      {
        file: 'system/lock/owed-releases.ts',
        find: '      if (answer !== 1 && owed.setUnanswered) {',
        replace: '      if (answer === undefined && owed.setUnanswered) {',
      },
    ],
    scenario: 'locks',
    fault: 'redis-slow',
    breaks: [],
    notJudged: 'the lock stays no longer than its TTL, which I13 allows',
  },
  {
    // An older token is larger than the new ones, and its holder writes after them.
    name: 'tokens-begin-anew',
    title: 'Tokens are counted from 1 when the row of the lock has ended',
    edits: [
      {
        file: 'system/lock/fence.ts',
        find: "      [{ $set: { at: '$$NOW', token: { $max: [afterLast, { $toLong: '$$NOW' }] } } }],",
        replace: "      [{ $set: { at: '$$NOW', token: afterLast } }],",
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-paused',
    breaks: [],
    notJudged: 'a cell is shorter than the time for which a fence is kept',
  },
];
