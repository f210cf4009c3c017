/** Redis, broken as described in `part-hang.ts`. */
import { partHang } from './part-hang.ts';

export const redisHang = partHang('redis');
