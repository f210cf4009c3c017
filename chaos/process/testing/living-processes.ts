/** Processes that a run left behind: for tests that kill a harness. */
import { readFileSync, readdirSync } from 'node:fs';
import { runIdVariable } from '../run-id.ts';

/** A zombie is dead: it only waits to be reaped. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return true;
  }
}

/** Processes whose environment carries the run's id; none where there is no /proc. */
export function processesOfRun(runId: string): number[] {
  return processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${runIdVariable}=${runId}`);
    } catch {
      return false;
    }
  });
}

/** Processes whose command line names the run, as the reaper's does; none where there is no /proc. */
export function processesNaming(runId: string): number[] {
  return processIds().filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(runId);
    } catch {
      return false;
    }
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
