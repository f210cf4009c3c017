/** MongoDB, broken as described in `part-slow.ts`. */
import { partSlow } from './part-slow.ts';

export const mongoSlow = partSlow('mongo');
