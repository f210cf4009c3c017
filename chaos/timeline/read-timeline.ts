/** A timeline written by hand: a file with a JSON list of faults, as a report shows them. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { PlannedFault } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';
import type { Fault } from '../faults/fault.ts';
import { faults, findFault } from '../faults/registry.ts';
import { wouldFight } from './overlap.ts';

const timelineSchema = z
  .array(
    z.strictObject({
      fault: z.string(),
      applyAtMs: z.int().nonnegative(),
      healAtMs: z.int().positive(),
      parameters: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .min(1, 'must hold one fault at least');

const example =
  '[{"fault": "redis-slow", "applyAtMs": 2000, "healAtMs": 4000, "parameters": {"latencyMs": 80, "jitterMs": 10}}]';

/** Throws UsageError, which names the file and the field. */
export async function readTimeline(file: string): Promise<PlannedFault[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`timeline "${file}" cannot be read: ${why}`, 'give the path of a JSON file');
  }
  return parseTimeline(text, file);
}

/** `source` names it in messages. Throws UsageError with the first field that is wrong. */
export function parseTimeline(text: string, source: string): PlannedFault[] {
  const refuse = (path: string, message: string): UsageError =>
    new UsageError(`timeline "${source}", ${path}: ${message}`, `for example ${example}`);
  const parsed = timelineSchema.safeParse(parseJson(text, source));
  if (!parsed.success) throw refuse(...firstIssue(parsed.error, ''));
  const timeline = parsed.data;
  const found = timeline.map(({ fault: name, applyAtMs, healAtMs, parameters }, index) => {
    const at = `[${index}]`;
    const fault = findFault(name);
    if (fault === undefined) {
      const known = faults.map((candidate) => candidate.name).join(', ');
      throw refuse(`${at}.fault`, `"${name}" does not exist; faults: ${known}`);
    }
    if (healAtMs <= applyAtMs) {
      throw refuse(`${at}.healAtMs`, `must be later than applyAtMs ${applyAtMs}, but is ${healAtMs}`);
    }
    checkParameters(fault, parameters, (error) => refuse(...firstIssue(error, `${at}.parameters`)));
    return fault;
  });
  for (const [later, earlier] of overlappingPairs(timeline)) {
    const [one, other] = [found[earlier], found[later]];
    if (one === undefined || other === undefined || !wouldFight(one, other)) continue;
    throw refuse(
      `[${later}].applyAtMs`,
      `${other.name} would fight ${one.name} of [${earlier}], which is not healed yet at ${timeline[later]?.applyAtMs} ms`,
    );
  }
  return timeline;
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`timeline "${source}" is no JSON: ${why}`, `for example ${example}`);
  }
}

function checkParameters(
  fault: Fault,
  parameters: Readonly<Record<string, unknown>>,
  refusal: (error: z.ZodError) => UsageError,
): void {
  try {
    fault.check(parameters);
  } catch (error) {
    throw error instanceof z.ZodError ? refusal(error) : error;
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
function overlappingPairs(timeline: readonly PlannedFault[]): [later: number, earlier: number][] {
  const pairs: [number, number][] = [];
  for (const [index, fault] of timeline.entries()) {
    for (const [before, other] of timeline.slice(0, index).entries()) {
      if (fault.applyAtMs >= other.healAtMs || other.applyAtMs >= fault.healAtMs) continue;
      pairs.push(fault.applyAtMs >= other.applyAtMs ? [index, before] : [before, index]);
    }
  }
  return pairs;
}
