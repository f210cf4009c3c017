/** Mistakes in locks and fencing tokens. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const lockMutants: readonly Mutant[] = [
  {
    // Battles with the same number in different sessions exclude each other: lock_not_acquired without a reason.
    name: 'battle-lock-shared-by-worlds',
    title: 'The lock of a battle does not name its session',
    edits: [
      {
        file: 'system/compound/operations.ts',
        find: 'lockKeys.battle(`${sessionId}:${battle}`)',
        replace: 'lockKeys.battle(battle)',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I21'],
  },
  {
    // After a holder whose clock was ahead, the tokens of all others are too old: turns of the session are skipped or
    // fenced until their clocks have caught up.
    name: 'fencing-token-from-wall-clock',
    title: 'A fencing token is the time of the process that draws it',
    edits: [
      {
        file: 'system/lock/fence.ts',
        find: "token: { $max: [afterLast, { $toLong: '$$NOW' }] }",
        replace: 'token: Date.now()',
      },
    ],
    scenario: 'turns',
    fault: 'clock-jump',
    breaks: ['I10'],
  },
  {
    // With Redis slow or hanging, a process whose SET was not answered frees the lock of the process that has it; a
    // third one works at the same time.
    name: 'late-release-frees-any-holder',
    title: 'The release after a lost answer deletes the lock even when another process holds it',
    edits: [
      {
        file: 'system/lock/release.ts',
        find: `return runAll(
    client,
    releases.map(({ key, token }) => ({ script: releaseScript, keys: [key], arguments: [token] })),
  );`,
        replace: 'return Promise.all(releases.map(({ key }) => client.del(key)));',
      },
    ],
    scenario: 'locks',
    fault: 'redis-slow',
    breaks: [],
    notJudged:
      'it takes a lost answer and a lock that another took meanwhile, which this cell does not bring about',
  },
  {
    // After one refused or failed operation (an auction that is not over, an outage) every other gets 409
    // lock_not_acquired for minutes.
    name: 'lock-kept-after-failure',
    title: 'Work that fails keeps its lock until the TTL is over',
    edits: [
      {
        file: 'system/lock/run-with-lock.ts',
        find: `  try {
    return { kind: 'ran', value: await task(lock) };
  } finally {
    await releaseDistributedLock(parts, lock);
  }`,
        replace: `  const value = await task(lock);
  await releaseDistributedLock(parts, lock);
  return { kind: 'ran', value };`,
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: ['I21'],
  },
  {
    // Operations that meet at one lock are refused with lock_not_acquired within milliseconds, where one would have
    // waited for the other.
    name: 'lock-tried-without-pause',
    title: 'All tries for a lock are made at once',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: `    if (attempt > 0) await clock.sleep(options.retryDelayMs, options.deadline?.signal);
`,
        replace: '',
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: ['I21'],
  },
  {
    // A lock is free after a fraction of a second while its holder works: two hold it at once, holders are fenced,
    // releases find the lock gone.
    name: 'lock-ttl-taken-for-milliseconds',
    title: 'The TTL of a lock is a thousandth of what is configured',
    edits: [
      { file: 'system/lock/acquire.ts', find: "'EX', options.ttl, 'NX'", replace: "'PX', options.ttl, 'NX'" },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: ['I21'],
  },
  {
    // After Redis was slow or hanging, locks without a working holder block their work for the whole TTL.
    name: 'lost-acquisition-left-held',
    title: 'A lock whose SET was not answered in time is not given back',
    edits: [
      {
        file: 'system/lock/acquire.ts',
        find: `    if (sent) releases.oweUnanswered({ key, token, expiresAtMs });
`,
        replace: '',
      },
    ],
    scenario: 'locks',
    fault: 'redis-slow',
    breaks: [],
    notJudged: 'the lock stays no longer than its TTL, which I13 allows',
  },
  {
    // An operation that waits for a lock makes the token of the holder too old: both may be refused with 409 fenced.
    name: 'token-drawn-before-lock',
    title: 'An operation draws its fencing token before it has the lock',
    edits: [
      {
        file: 'system/compound/run-compound.ts',
        find: `  const context = { sessionId: operation.sessionId, ...operation.request };
`,
        replace: `  const context = { sessionId: operation.sessionId, ...operation.request };
  const token = await drawFencingToken(parts.collections, next.key);
`,
      },
      {
        file: 'system/compound/run-compound.ts',
        find: `      const token = await drawFencingToken(parts.collections, next.key);
      return`,
        replace: '      return',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: [],
    notJudged: 'a refusal with 409 counts as served',
  },
  {
    // There is no lock session:lock:{session}:turn while a turn goes on, and updates of the session state wait for
    // turns.
    name: 'turn-lock-without-suffix',
    title: 'Turn processing uses the lock of the session state',
    edits: [
      {
        file: 'system/lock/keys.ts',
        find: 'turn: (sessionId: string) => `session:lock:${sessionId}:turn`,',
        replace: 'turn: (sessionId: string) => `session:lock:${sessionId}`,',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I21'],
  },
];
