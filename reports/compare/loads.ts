/** Whether two cells ran the same load on the same target: figures of another load, world or setting are not comparable. */
import type { Cell } from '../record/report.ts';
import { sameJson } from '../record/same-json.ts';

/** Parts of a cell's configuration that must be equal for figures to be comparable. */
const loadKeys = ['load', 'mutant', 'processes', 'settings', 'world'] as const;

/** Runs without this figure ran one cell at a time. */
const loadDefaults = { workers: 1 };

export function loadOf({ config }: Cell): Readonly<Record<string, unknown>> {
  const { load } = config;
  const whole = typeof load === 'object' && load !== null ? { ...loadDefaults, ...load } : null;
  return Object.fromEntries(loadKeys.map((key) => [key, key === 'load' ? whole : (config[key] ?? null)]));
}

/** The first part of the configuration in which two cells differ, in words, or null. */
export function otherLoad(now: Cell, before: Cell): string | null {
  const [current, recorded] = [loadOf(now), loadOf(before)];
  const key = loadKeys.find((candidate) => !sameJson(current[candidate], recorded[candidate]));
  if (key !== 'load') return key ?? null;
  // The user did not ask for another load: only the number of cells that run at once differs.
  const [workers, recordedWorkers] = [workersOf(current), workersOf(recorded)];
  return workers === recordedWorkers
    ? 'load'
    : `number of workers: recorded with ${recordedWorkers}, now ${workers}`;
}

function workersOf({ load }: Readonly<Record<string, unknown>>): unknown {
  return typeof load === 'object' && load !== null && 'workers' in load ? load.workers : loadDefaults.workers;
}
