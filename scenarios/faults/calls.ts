/** Faults at single calls of this system, where a mistake shows only at that moment: within its transactions, and at the release of its locks. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CallFault } from '../../chaos/api/index.ts';

/** Scripts of Redis are called by the hash of their text. */
const releaseOfLocks = createHash('sha1')
  .update(readFileSync(new URL('../../system/lock/release.lua', import.meta.url), 'utf8'))
  .digest('hex');
/** Longer than a command to Redis may take, and than the breaker stays open. */
const hangMs = 2_500;

const statement = {
  role: 'api',
  store: 'mongo',
  // With this error the server has aborted the transaction, and its client begins it again.
  happens: 'error',
  error: 'WriteConflict',
  inTransaction: true,
  nth: 2,
  times: 4,
} as const;

export const calls: Readonly<Record<string, CallFault>> = {
  'api-commit-killed': {
    role: 'api',
    store: 'mongo',
    command: 'commitTransaction',
    nth: 3,
    happens: 'kill-before',
  },
  'api-commit-refused': { ...statement, command: 'commitTransaction' },
  'api-key-refused': { ...statement, command: 'insert', target: 'answered_requests' },
  'api-last-statement-refused': { ...statement, command: 'update', target: 'invalidation_journal' },
  'api-release-late': {
    role: 'api',
    store: 'redis',
    command: 'EVALSHA',
    target: releaseOfLocks,
    nth: 3,
    happens: 'late-command',
    forMs: hangMs,
  },
  'turn-release-cut': {
    role: 'turn-processor',
    store: 'redis',
    command: 'EVALSHA',
    target: releaseOfLocks,
    nth: 3,
    happens: 'cut-before',
  },
  'turn-release-late': {
    role: 'turn-processor',
    store: 'redis',
    command: 'EVALSHA',
    target: releaseOfLocks,
    nth: 3,
    happens: 'late-command',
    forMs: hangMs,
  },
};
