/** MongoDB, broken as described in `part-down.ts`. */
import { partDown } from './part-down.ts';

export const mongoDown = partDown('mongo');
