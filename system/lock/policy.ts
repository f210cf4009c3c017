/** How long each kind of work holds its lock, how often it asks for it, and what it does when it does not get it. */
import type { Config } from '../config/load.ts';

export interface LockPolicy {
  readonly ttl: number;
  readonly retry: number;
  readonly retryDelayMs: number;
  /** Whether work that does not get its lock is an error, or is left to the holder. */
  readonly throwOnFail: boolean;
}

export type LockedWork =
  | 'auctionSettlement'
  | 'battleFinalisation'
  | 'cityOccupation'
  | 'nationDestruction'
  | 'sessionState'
  | 'tournamentRound'
  | 'turnProcessing';

export function lockPolicies(config: Config): Readonly<Record<LockedWork, LockPolicy>> {
  return {
    auctionSettlement: {
      ttl: config.AUCTION_SETTLEMENT_LOCK_TTL_SECONDS,
      retry: 5,
      retryDelayMs: 300,
      throwOnFail: true,
    },
    battleFinalisation: {
      ttl: config.BATTLE_LOCK_TTL_SECONDS,
      retry: 2,
      retryDelayMs: 200,
      throwOnFail: true,
    },
    cityOccupation: {
      ttl: config.OCCUPATION_LOCK_TTL_SECONDS,
      retry: 2,
      retryDelayMs: 200,
      throwOnFail: true,
    },
    // Its holder writes a whole nation, so that another waits longer for it.
    nationDestruction: {
      ttl: config.NATION_LOCK_TTL_SECONDS,
      retry: 3,
      retryDelayMs: 250,
      throwOnFail: true,
    },
    sessionState: { ttl: config.SESSION_LOCK_TTL_SECONDS, retry: 3, retryDelayMs: 150, throwOnFail: false },
    tournamentRound: {
      ttl: config.TOURNAMENT_LOCK_TTL_SECONDS,
      retry: 2,
      retryDelayMs: 200,
      throwOnFail: false,
    },
    turnProcessing: { ttl: config.TURN_LOCK_TTL_SECONDS, retry: 1, retryDelayMs: 500, throwOnFail: false },
  };
}
