/**
 * Mutants that were written from the system and its documentation alone, without a look at the checkers or the other mutants, so that the share
 * of them that is caught says something about the checkers.
 */
import type { Mutant } from '../../../chaos/api/index.ts';
import { apiMutants } from './api.ts';
import { auctionMutants } from './auctions.ts';
import { battleMutants } from './battles.ts';
import { cacheMutants } from './cache.ts';
import { courtMutants } from './court.ts';
import { daemonMutants } from './daemons.ts';
import { lockMutants } from './locks.ts';
import { operationMutants } from './operations.ts';
import { syncMutants } from './sync.ts';
import { tournamentMutants } from './tournaments.ts';
import { transactionMutants } from './transactions.ts';
import { turnMutants } from './turns.ts';

export const blindParts: readonly (readonly Mutant[])[] = [
  apiMutants,
  auctionMutants,
  battleMutants,
  cacheMutants,
  courtMutants,
  daemonMutants,
  lockMutants,
  operationMutants,
  syncMutants,
  tournamentMutants,
  transactionMutants,
  turnMutants,
];
