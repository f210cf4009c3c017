/** All defects, in alphabetical order; they are written down by the part of the system that they are planted in. */
import type { Defect } from './defect.ts';
import { actionDefects } from './registry/actions.ts';
import { apiDefects } from './registry/api.ts';
import { cacheDefects } from './registry/cache.ts';
import { compoundDefects } from './registry/compound.ts';
import { lockDefects } from './registry/locks.ts';
import { modelDefects } from './registry/models.ts';
import { redisDefects } from './registry/redis.ts';
import { syncDefects } from './registry/sync.ts';
import { tournamentDefects } from './registry/tournaments.ts';
import { turnDefects } from './registry/turns.ts';

export const defects: readonly Defect[] = [
  ...actionDefects,
  ...apiDefects,
  ...cacheDefects,
  ...compoundDefects,
  ...lockDefects,
  ...modelDefects,
  ...redisDefects,
  ...syncDefects,
  ...tournamentDefects,
  ...turnDefects,
].toSorted((left, right) => (left.name < right.name ? -1 : 1));
