/** Defects planted in the access to MongoDB. */
import type { Defect } from '../defect.ts';

export const databaseDefects: readonly Defect[] = [];
