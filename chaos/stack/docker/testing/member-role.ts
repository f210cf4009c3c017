/** Who of a stood-in replica set is primary, as each member decides it by itself from what it hears of the others. Pure. */

/** What a member tells the others, and they tell it. */
export interface Heartbeat {
  /** The lower, the more it is preferred. */
  readonly index: number;
  readonly isPrimary: boolean;
  /** False while it has been told to step down. */
  readonly mayLead: boolean;
}

export interface Heard extends Heartbeat {
  readonly atMs: number;
}

export interface Standing {
  readonly self: Heartbeat;
  readonly heard: readonly Heard[];
  /** Of the whole set. */
  readonly members: number;
  readonly nowMs: number;
  /** Since when it would be primary by preference; null while it would not. */
  readonly preferredSinceMs: number | null;
}

/** As the docker stack configures the original (replica-set.ts). */
export const electionTimeoutMs = 2_000;

/** Whether it is primary from now on, and whether it would be by preference. */
export function decide(standing: Standing): { readonly isPrimary: boolean; readonly isPreferred: boolean } {
  const { self, heard, members, nowMs, preferredSinceMs } = standing;
  const alive = heard.filter(({ atMs }) => nowMs - atMs < electionTimeoutMs);
  if ((alive.length + 1) * 2 <= members) return { isPrimary: false, isPreferred: false };
  const candidates = [self, ...alive].filter(({ mayLead }) => mayLead).map(({ index }) => index);
  const isPreferred = self.index === Math.min(...candidates);
  const primaries = alive.filter(({ isPrimary }) => isPrimary).map(({ index }) => index);
  if (self.isPrimary) return { isPrimary: !primaries.some((index) => index < self.index), isPreferred };
  // The role is taken from another only after a while, as a takeover by priority is.
  const waitedMs = preferredSinceMs === null ? 0 : nowMs - preferredSinceMs;
  return { isPrimary: isPreferred && (primaries.length === 0 || waitedMs >= electionTimeoutMs), isPreferred };
}
