/**
 * Timelines of faults: drawn from a seed for one fault or for a soak, or read from a file. Names of faults are resolved here, where they
 * enter: a plan holds the faults themselves.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Fault } from '../api/fault.ts';
import { UsageError } from '../errors.ts';
import type { FaultRegistry } from '../faults/registry.ts';
import { conflicting, type PlannedInjection } from '../faults/timeline.ts';
import { type Random, seededRandom } from '../random.ts';

/** Shares of the load's duration: time before for a baseline, and after for the recovery to be seen. */
const applyShare = { earliest: 0.25, latest: 0.35 };
const lastingShare = { shortest: 0.25, longest: 0.35 };
/** A drawn fault lasts no longer share of the load than this. */
export const lastingShareMax = lastingShare.longest;

/** One fault, drawn. The same seed gives the same milliseconds. */
export function drawTimeline(
  seed: string,
  scenario: string,
  fault: Fault,
  durationMs: number,
): readonly PlannedInjection[] {
  const random = seededRandom(seed).fork(`timeline/${scenario}/${fault.name}`);
  if (fault.wholeLoad === true)
    return [{ fault, applyAtMs: 0, healAtMs: durationMs, parameters: fault.draw(random) }];
  const applyAtMs = random.integer(durationMs * applyShare.earliest, durationMs * applyShare.latest);
  const lastingMs = random.integer(durationMs * lastingShare.shortest, durationMs * lastingShare.longest);
  const times = { applyAtMs: Math.round(applyAtMs), healAtMs: Math.round(applyAtMs + lastingMs) };
  return [{ fault, ...times, parameters: fault.draw(random) }];
}

/** Faults of a soak come one after the other in each of so many tracks; those of different tracks overlap. */
const trackCount = 3;
/** Milliseconds without faults: at the start for a baseline, at the end for the recovery to be seen. */
const calmMs = { atStart: 3_000, atEnd: 4_000 };
/** Between two faults of a track. */
const gapMs = { shortest: 300, longest: 3_000 };
const soakLastingMs = { shortest: 1_500, longest: 6_000 };
/**
 * Outages long enough for timeouts, leases and TTLs to pass: one of so many faults, where the load is so many times as long that most of it is left.
 */
const longOutages = { oneOf: 6, lastingMs: [15_000, 60_000], shareMax: 0.3 } as const;
/** Between two faults that conflict: the effect of one must not be taken for that of the other. */
const settleMs = 2_000;
/** The shortest load of a soak that is sure to meet a fault. */
export const soakMinimumMs = calmMs.atStart + gapMs.longest + soakLastingMs.longest + calmMs.atEnd;

/**
 * Many faults, overlapping where they do not conflict, in the order of their beginning; all are healed before the load ends. Each is drawn from
 * all faults alike and then waits for its time, for one that needs quiet would hardly ever find it by chance.
 */
export function drawSoak(seed: string, durationMs: number, faults: readonly Fault[]): PlannedInjection[] {
  if (faults.length === 0) return [];
  const random = seededRandom(seed).fork('soak');
  const lastHealMs = durationMs - calmMs.atEnd;
  const placed: PlannedInjection[] = [];
  const tracks = Array.from({ length: trackCount }, () => calmMs.atStart + random.integer(0, gapMs.longest));
  for (;;) {
    const freeAtMs = Math.min(...tracks);
    if (freeAtMs > lastHealMs) break;
    const fault = random.pick(faults);
    const forMs = soakLasting(random, durationMs);
    const parameters = fault.draw(random);
    const applyAtMs = earliestStart(fault, freeAtMs, forMs, placed);
    const healAtMs = applyAtMs + forMs;
    // One that comes too late leaves its track to another.
    const fits = healAtMs <= lastHealMs;
    if (fits) placed.push({ fault, applyAtMs, healAtMs, parameters });
    const endMs = fits ? healAtMs : freeAtMs;
    tracks[tracks.indexOf(freeAtMs)] = endMs + random.integer(gapMs.shortest, gapMs.longest);
  }
  return placed.toSorted((one, other) => one.applyAtMs - other.applyAtMs);
}

function soakLasting(random: Random, durationMs: number): number {
  const long = longOutages.lastingMs.filter((forMs) => forMs <= durationMs * longOutages.shareMax);
  return long.length > 0 && random.integer(1, longOutages.oneOf) === 1
    ? random.pick(long)
    : random.integer(soakLastingMs.shortest, soakLastingMs.longest);
}

/** The first moment from `fromMs` on at which it can last `forMs` without meeting one that it conflicts with. */
function earliestStart(
  fault: Fault,
  fromMs: number,
  forMs: number,
  placed: readonly PlannedInjection[],
): number {
  const taken = placed
    .filter((other) => conflicting(fault, other.fault))
    .map(({ applyAtMs, healAtMs }) => ({ fromMs: applyAtMs - settleMs, untilMs: healAtMs + settleMs }))
    .toSorted((one, other) => one.untilMs - other.untilMs);
  let startMs = fromMs;
  for (const other of taken) {
    if (startMs < other.untilMs && other.fromMs < startMs + forMs) startMs = other.untilMs;
  }
  return startMs;
}

/** As in reports and files. */
export function describePlanned({ fault, applyAtMs, healAtMs, parameters }: PlannedInjection): PlannedFault {
  return { fault: fault.name, applyAtMs, healAtMs, parameters: { ...parameters } };
}

const timelineSchema = z
  .array(
    z.strictObject({
      fault: z.string(),
      applyAtMs: z.int().nonnegative(),
      healAtMs: z.int().positive(),
      parameters: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .min(1, 'must hold at least one fault');

const example =
  '[{"fault": "redis-slow", "applyAtMs": 2000, "healAtMs": 4000, "parameters": {"latencyMs": 80, "jitterMs": 10}}]';

/** Throws UsageError, which names the file and the field. */
export async function readTimeline(file: string, faults: FaultRegistry): Promise<PlannedInjection[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--timeline "${file}" cannot be read: ${why}`, 'give the path of a JSON file');
  }
  return parseTimeline(text, `timeline "${file}"`, faults);
}

/** `source` names it in messages. Throws UsageError with the first field that is wrong. */
export function parseTimeline(text: string, source: string, faults: FaultRegistry): PlannedInjection[] {
  const refuse = (path: string, message: string): UsageError =>
    new UsageError(`${source}, ${path}: ${message}`, `for example ${example}`);
  const parsed = timelineSchema.safeParse(parsedJson(text, source));
  if (!parsed.success) throw refuse(...firstIssue(parsed.error, ''));
  const timeline = parsed.data.map(({ fault: name, applyAtMs, healAtMs, parameters }, index) => {
    const at = `[${index}]`;
    const fault = faults.get(name);
    if (fault === undefined) {
      throw refuse(`${at}.fault`, `"${name}" does not exist; faults: ${[...faults.keys()].join(', ')}`);
    }
    if (healAtMs <= applyAtMs) {
      throw refuse(`${at}.healAtMs`, `must be later than applyAtMs ${applyAtMs}, but is ${healAtMs}`);
    }
    try {
      fault.check(parameters);
    } catch (error) {
      throw error instanceof z.ZodError ? refuse(...firstIssue(error, `${at}.parameters`)) : error;
    }
    return { fault, applyAtMs, healAtMs, parameters };
  });
  for (const [later, earlier] of overlappingPairs(timeline)) {
    const [one, other] = [timeline[earlier], timeline[later]];
    if (one === undefined || other === undefined || !conflicting(one.fault, other.fault)) continue;
    throw refuse(
      `[${later}].applyAtMs`,
      `${other.fault.name} conflicts with ${one.fault.name} of [${earlier}], which is not healed yet at ${other.applyAtMs} ms`,
    );
  }
  return timeline;
}

function parsedJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${source} is not JSON: ${why}`, `for example ${example}`);
  }
}

function firstIssue(error: z.ZodError, prefix: string): [path: string, message: string] {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
  );
  return [`${prefix}${path.join('')}` || 'the list', issue?.message ?? 'is wrong'];
}

/** Indices of pairs whose windows meet, the one that begins later first. */
function overlappingPairs(timeline: readonly PlannedInjection[]): [later: number, earlier: number][] {
  const pairs: [number, number][] = [];
  for (const [index, fault] of timeline.entries()) {
    for (const [before, other] of timeline.slice(0, index).entries()) {
      if (fault.applyAtMs >= other.healAtMs || other.applyAtMs >= fault.healAtMs) continue;
      pairs.push(fault.applyAtMs >= other.applyAtMs ? [index, before] : [before, index]);
    }
  }
  return pairs;
}
