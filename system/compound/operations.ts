/** The operations that work under locks, with the locks they take: the same for the API and the daemons, because a lock protects only if every writer takes it. */
import type { Config } from '../config/load.ts';
import type { Collections } from '../database/collections.ts';
import { lockKeys } from '../lock/keys.ts';
import { lockPolicies } from '../lock/policy.ts';
import { readFresh } from '../store/world-reads.ts';
import { destructionCommitTimeMs } from './destroy-nation.ts';
import type { CompoundOperation } from './run-compound.ts';

type Body = CompoundOperation['body'];

export function auctionSettlement(
  config: Config,
  sessionId: string,
  auction: string,
  body: Body,
): CompoundOperation {
  const key = lockKeys.auction(sessionId, auction);
  return {
    sessionId,
    request: { operation: 'settle', auction },
    locks: [{ key, policy: lockPolicies(config).auctionSettlement }],
    body,
  };
}

export function cityOccupation(
  config: Config,
  sessionId: string,
  city: number,
  general: number,
  body: Body,
): CompoundOperation {
  return {
    sessionId,
    request: { operation: 'occupy', city, general },
    locks: [{ key: lockKeys.city(sessionId, city), policy: lockPolicies(config).cityOccupation }],
    body,
  };
}

interface BattleParts {
  readonly config: Config;
  readonly collections: Collections;
}

/** Throws `database_unavailable`. The battle's lock, then the city's: two battles for one city must meet at the same lock. */
export async function battleFinalisation(
  { config, collections }: BattleParts,
  sessionId: string,
  battle: string,
  body: Body,
): Promise<CompoundOperation> {
  const policies = lockPolicies(config);
  const found = await readFresh(collections.battles, `${sessionId}:b${battle}`);
  const ownLock = { key: lockKeys.battle(`${sessionId}:${battle}`), policy: policies.battleFinalisation };
  const cityLock =
    found === null ? [] : [{ key: lockKeys.city(sessionId, found.city), policy: policies.cityOccupation }];
  return {
    sessionId,
    request: { operation: 'finish-battle', battle },
    locks: [ownLock, ...cityLock],
    // It may be the end of a nation.
    commitTimeMs: destructionCommitTimeMs,
    body,
  };
}

/** Keeps requests for one nation apart. What else touches the nation at the same time, such as a battle, runs into it in the database. */
export function nationDestruction(
  config: Config,
  sessionId: string,
  nation: number,
  body: Body,
): CompoundOperation {
  return {
    sessionId,
    request: { operation: 'destroy', nation },
    locks: [{ key: lockKeys.nation(sessionId, nation), policy: lockPolicies(config).nationDestruction }],
    commitTimeMs: destructionCommitTimeMs,
    body,
  };
}
