/** Which process a fault takes: drawn as a number, so that a plan does not depend on how many there are. */
import { z } from 'zod';
import type { ProcessKind, SystemProcess, SystemProcesses } from '../experiment/system-under-test.ts';

/** Counts around: with three processes, 4 is the second one. */
export const victimSchema = z.int().nonnegative();

export function runningOf(processes: SystemProcesses, kind: ProcessKind): readonly SystemProcess[] {
  return processes.ofKind(kind).filter((process) => process.running());
}
