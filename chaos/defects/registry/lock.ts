/** Defects planted in the distributed locks. */
import type { Defect } from '../defect.ts';

export const lockDefects: readonly Defect[] = [];
