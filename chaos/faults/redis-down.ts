/** Redis, broken as described in `part-down.ts`. */
import { partDown } from './part-down.ts';

export const redisDown = partDown('redis');
