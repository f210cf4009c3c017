/** MongoDB, broken as described in `part-reset.ts`. */
import { partReset } from './part-reset.ts';

export const mongoReset = partReset('mongo');
