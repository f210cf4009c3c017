/** The mutants of the system, in alphabetical order. Each is declared in the file of the part of the system that it edits. */
import type { Mutant } from '../../chaos/api/index.ts';
import { actionMutants } from './actions.ts';
import { apiMutants } from './api.ts';
import { auctionMutants } from './auctions.ts';
import { blindParts } from './blind/parts.ts';
import { cacheMutants } from './cache.ts';
import { compoundMutants } from './compound.ts';
import { daemonMutants } from './daemons.ts';
import { databaseMutants } from './database.ts';
import { lockMutants } from './locks.ts';
import { modelMutants } from './models.ts';
import { nationMutants } from './nations.ts';
import { operationMutants } from './operations.ts';
import { redisMutants } from './redis.ts';
import { syncMutants } from './sync.ts';
import { tournamentMutants } from './tournaments.ts';
import { turnMutants } from './turns.ts';

/** Each in alphabetical order. */
export const parts: readonly (readonly Mutant[])[] = [
  actionMutants,
  apiMutants,
  auctionMutants,
  cacheMutants,
  compoundMutants,
  daemonMutants,
  databaseMutants,
  lockMutants,
  modelMutants,
  nationMutants,
  operationMutants,
  redisMutants,
  syncMutants,
  tournamentMutants,
  turnMutants,
  ...blindParts.map((part) => part.map((mutant) => ({ ...mutant, set: 'blind' }))),
];

export const mutants: readonly Mutant[] = parts
  .flat()
  .toSorted((left, right) => (left.name < right.name ? -1 : 1));
