/**
 * I13: a lock whose holder died is free within its TTL. Whether a holder is dead or only slow, his lock is gone when the time it had
 * left at first sight has passed; a lock that never expires, or lives longer than configured, would not be.
 */
import type { LockHolding } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';

const identity = { invariant: 'I13', title: 'A lock whose holder died is free within its TTL' };
/** Redis frees a key a little late, and the harness looks from time to time only. */
const slackMs = 1_000;

export const locksFree: Checker = {
  ...identity,
  check: (_history, evidence) => {
    const holdings = evidence.locks ?? [];
    const { lockTtlMs } = evidence.limits;
    const findings = holdings.flatMap((holding) => holdingFinding(holding, lockTtlMs) ?? []);
    const longestMs = holdings.reduce((longest, holding) => Math.max(longest, heldMs(holding)), 0);
    return conclude(identity, 'always', evidence, {
      findings,
      checked: `${holdings.length} holdings of ${new Set(holdings.map(({ key }) => key)).size} locks were seen, the longest for ${Math.round(longestMs)} ms`,
      missing: holdings.length === 0 ? 'no lock was seen to be held' : null,
    });
  },
};

function heldMs({ firstSeenMs, lastSeenMs }: LockHolding): number {
  return Math.max(0, lastSeenMs - firstSeenMs);
}

function holdingFinding(holding: LockHolding, lockTtlMs: number | undefined): Finding | null {
  const { key, ttlMs } = holding;
  const what = problem(holding, lockTtlMs);
  if (what === null) return null;
  return {
    definite: true,
    witness: () => ({
      summary: `${key} ${what}`,
      operations: [],
      facts: { ...holding, heldMs: heldMs(holding), ttlMs, configuredTtlMs: lockTtlMs ?? null, slackMs },
    }),
  };
}

function problem(holding: LockHolding, lockTtlMs: number | undefined): string | null {
  const { ttlMs } = holding;
  if (ttlMs === -1) return 'was held without a time at which it would expire';
  if (lockTtlMs !== undefined && ttlMs > lockTtlMs)
    return `had ${ttlMs} ms left, and a lock lives for ${lockTtlMs} ms`;
  const heldForMs = heldMs(holding);
  if (heldForMs <= ttlMs + slackMs) return null;
  return `had ${ttlMs} ms left and was still held by the same holder ${Math.round(heldForMs)} ms later`;
}
