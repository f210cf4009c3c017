/** Whether two cells asked the same of the same system: figures of another load, world or setting are another's. */
import type { Cell } from '../record/report.ts';
import { sameJson } from '../record/same-json.ts';

/** What of a cell's configuration makes its figures another's. */
const loadKeys = ['defect', 'load', 'processes', 'settings', 'world'] as const;

/** What older runs did not record is what they had: one cell at a time. */
const loadDefaults = { lanes: 1 };

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
  // Nobody asked for another load: the cells were run beside each other, or not.
  const [lanes, were] = [lanesOf(current), lanesOf(recorded)];
  return lanes === were ? 'load' : `number of workers: recorded with ${were}, now ${lanes}`;
}

function lanesOf({ load }: Readonly<Record<string, unknown>>): unknown {
  return typeof load === 'object' && load !== null && 'lanes' in load ? load.lanes : loadDefaults.lanes;
}
