/** Stands in for `system/lock/policy.ts`: lifetimes of locks are given in milliseconds where seconds are meant. */
import type { Config } from '../../system/config/load.ts';
import * as right from '../../system/lock/policy.ts';
import type { LockedWork, LockPolicy } from '../../system/lock/policy.ts';

export type { LockedWork, LockPolicy } from '../../system/lock/policy.ts';

export function lockPolicies(config: Config): Readonly<Record<LockedWork, LockPolicy>> {
  const inMilliseconds = (policy: LockPolicy): LockPolicy => ({ ...policy, ttl: policy.ttl * 1000 });
  const policies = right.lockPolicies(config);
  return {
    auctionSettlement: inMilliseconds(policies.auctionSettlement),
    battleFinalisation: inMilliseconds(policies.battleFinalisation),
    cityOccupation: inMilliseconds(policies.cityOccupation),
    nationDestruction: inMilliseconds(policies.nationDestruction),
    sessionState: inMilliseconds(policies.sessionState),
    tournamentRound: inMilliseconds(policies.tournamentRound),
    turnProcessing: inMilliseconds(policies.turnProcessing),
  };
}
