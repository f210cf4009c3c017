/** Settings that every scenario gives the system, and the limits that its invariants are judged by, from the same numbers. */

/** TTLs and periods are shorter than in production, so that a cell is over in seconds and reaches rest soon. */
const l1TtlSeconds = 1;
const l2TtlSeconds = 360;
const journalPollMs = 300;
const requestDeadlineMs = 1_500;
/** A lock outlives the longest turn, and a killed holder keeps the others waiting no longer than this. */
const lockTtlSeconds = 2;
const turnDeadlineMs = 1_800;

const lockTtls = Object.fromEntries(
  ['AUCTION_SETTLEMENT', 'BATTLE', 'NATION', 'OCCUPATION', 'SESSION', 'TOURNAMENT', 'TURN'].map((work) => [
    `${work}_LOCK_TTL_SECONDS`,
    String(lockTtlSeconds),
  ]),
);

export const adminToken = 'redcliff-admin';

export const settings: Readonly<Record<string, string>> = {
  L1_TTL_SECONDS: String(l1TtlSeconds),
  L2_TTL_SECONDS: String(l2TtlSeconds),
  JOURNAL_POLL_MS: String(journalPollMs),
  REQUEST_DEADLINE_MS: String(requestDeadlineMs),
  ADMIN_TOKEN: adminToken,
  ...lockTtls,
  TURN_DEADLINE_MS: String(turnDeadlineMs),
  DAEMON_TICK_MS: '50',
  SYNC_CLAIM_IDLE_MS: '1000',
  LOG_LEVEL: 'info',
};

export const limits = {
  requestDeadlineMs,
  l1TtlMs: l1TtlSeconds * 1_000,
  l2TtlMs: l2TtlSeconds * 1_000,
  // One poll of the journal of invalidations, and the same again for the poll's own queries on a busy machine.
  invalidationMs: journalPollMs + 700,
  recoveryMs: 15_000,
  lockTtlMs: lockTtlSeconds * 1_000,
};
