/**
 * How much of the machine's processors was free over a time. It decides how many cells run at once, and whether what only took too long says
 * anything. Counts what all processes of the machine use, and what a quota of the control group (Linux) withholds.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Clock } from '../clock.ts';

export interface MachineReading {
  /** Milliseconds that all processors together were idle since the machine started. */
  readonly idleMs: number;
  /** Milliseconds that the control group was kept from running by its quota; 0 where there is none. */
  readonly throttledMs: number;
  readonly processors: number;
}

export interface MachineLoad {
  /** Processors that were idle on average since the measurement began. */
  free(): number;
  /** Whether there was so little left that work had to wait for a processor. */
  busy(): boolean;
}

/** Below this share of all processors something waits for one most of the time. */
const freeShareMin = 0.1;
const throttledShareMax = 0.1;

export function measureMachineLoad(clock: Clock, read: () => MachineReading = readMachine): MachineLoad {
  const startedMs = clock.monotonicMs();
  const before = read();
  const over = () => {
    const now = read();
    const elapsedMs = Math.max(1, clock.monotonicMs() - startedMs);
    return {
      // A quota leaves fewer processors than the machine has.
      free: Math.min(Math.max(0, (now.idleMs - before.idleMs) / elapsedMs), now.processors),
      throttledShare: (now.throttledMs - before.throttledMs) / elapsedMs,
      processors: now.processors,
    };
  };
  return {
    free: () => over().free,
    busy: () => {
      const { free, throttledShare, processors } = over();
      return free < freeShareMin * processors || throttledShare > throttledShareMax;
    },
  };
}

function readMachine(): MachineReading {
  return {
    idleMs: cpus().reduce((sum, { times }) => sum + times.idle, 0),
    throttledMs: readThrottledMs(),
    processors: availableParallelism(),
  };
}

function readThrottledMs(): number {
  try {
    const line = /^throttled_usec (\d+)$/m.exec(readFileSync('/sys/fs/cgroup/cpu.stat', 'utf8'));
    return line === null ? 0 : Number(line[1]) / 1_000;
  } catch {
    // Only Linux with control groups of version 2 has that file.
    return 0;
  }
}
