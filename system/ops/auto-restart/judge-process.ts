/** Whether to restart a process: too many errors in its log, or too much memory. Pure. */
import { z } from 'zod';

interface Limits {
  readonly errors: number;
  readonly memoryBytes: number;
}

interface Observation {
  readonly memoryBytes: number;
  readonly logLines: readonly string[];
  /** Errors before this moment do not count: a minute ago, or the last restart if that is later. */
  readonly sinceMs: number;
}

/** The reason, or undefined when it may go on. */
export function reasonToRestart(observed: Observation, limits: Limits): string | undefined {
  if (observed.memoryBytes >= limits.memoryBytes) {
    return `${Math.round(observed.memoryBytes / 2 ** 20)} MiB of memory`;
  }
  const errors = countErrors(observed.logLines, observed.sinceMs);
  return errors >= limits.errors ? `${errors} errors in the last minute` : undefined;
}

const lineSchema = z.looseObject({ level: z.number(), time: z.number() });
const errorLevel = 50;

/** Lines that are not JSON have no time and do not count. */
export function countErrors(lines: readonly string[], sinceMs: number): number {
  return lines.filter((line) => {
    const entry = parseLine(line);
    return entry !== undefined && entry.level >= errorLevel && entry.time >= sinceMs;
  }).length;
}

function parseLine(line: string): z.output<typeof lineSchema> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
