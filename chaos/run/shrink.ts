/**
 * Makes a failing plan small: first the faults that matter, by delta debugging; then everything that has a size, at its minimum where the failure does
 * not need more, by delta debugging over what must stay; then, for sizes above the minimum, how large. Pure except for the given judge.
 */
import { z } from 'zod';
import type { PlanFile } from './plan-file.ts';

/** A smaller plan: `faults` are positions in the original's timeline; `sizes` has one number for each dimension of the original. */
export const candidateSchema = z.object({
  faults: z.array(z.int().nonnegative()),
  // Not all are whole: a load may have a rate of 2.5 per second.
  sizes: z.record(z.string(), z.number().nonnegative()),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** Something with a size that may be smaller. */
export interface Dimension {
  /** Such as `load.ratePerSecond` or `fault 3 length`. */
  readonly name: string;
  readonly original: number;
  readonly least: number;
}

/** Milliseconds: a fault needs time to have an effect, and the load some before the first and after the last one. */
const leastLengthMs = 300;
const leastStartMs = 500;
const leastTailMs = 500;
const leastDurationMs = 1_000;

/** All that may become smaller, of the faults given; what is as small as can be already is left out. `serving` are roles of which one has to stay. */
export function dimensionsOf(
  original: PlanFile,
  faults: readonly number[],
  serving: readonly string[],
): Dimension[] {
  const ofFaults = faults.flatMap((index) => {
    const fault = original.timeline[index];
    if (fault === undefined) return [];
    return [
      { name: startOf(index), original: fault.applyAtMs, least: leastStartMs },
      { name: lengthOf(index), original: fault.healAtMs - fault.applyAtMs, least: leastLengthMs },
    ];
  });
  return [
    ...ofFaults,
    { name: 'load.durationMs', original: original.load.durationMs, least: leastDurationMs },
    { name: 'load.ratePerSecond', original: original.load.ratePerSecond, least: 1 },
    ...Object.entries(original.processes).map(([role, count]) => ({
      name: `processes.${role}`,
      original: count,
      least: serving.includes(role) ? 1 : 0,
    })),
    ...sizesIn(original.world).map(([name, size]) => ({ name: `world.${name}`, original: size, least: 1 })),
  ].filter((dimension) => dimension.original > dimension.least);
}

function sizesIn(world: PlanFile['world']): [string, number][] {
  return Object.entries(world).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isInteger(entry[1]),
  );
}

export function wholeOf(original: PlanFile, serving: readonly string[]): Candidate {
  const faults = original.timeline.map((_, index) => index);
  return { faults, sizes: sizesOf(dimensionsOf(original, faults, serving)) };
}

function sizesOf(dimensions: readonly Dimension[]): Record<string, number> {
  return Object.fromEntries(dimensions.map(({ name, original }) => [name, original]));
}

/** The plan that a candidate stands for. The load lasts at least until shortly after the last fault. */
export function planOfCandidate(original: PlanFile, candidate: Candidate): PlanFile {
  const sizeOf = (name: string, otherwise: number): number => candidate.sizes[name] ?? otherwise;
  const timeline = candidate.faults.flatMap((index) => {
    const fault = original.timeline[index];
    if (fault === undefined) return [];
    const applyAtMs = sizeOf(startOf(index), fault.applyAtMs);
    const lengthMs = sizeOf(lengthOf(index), fault.healAtMs - fault.applyAtMs);
    return [{ ...fault, applyAtMs, healAtMs: applyAtMs + lengthMs }];
  });
  const { load, processes, world } = original;
  const ratePerSecond = sizeOf('load.ratePerSecond', load.ratePerSecond);
  const lastHealMs = Math.max(0, ...timeline.map(({ healAtMs }) => healAtMs + leastTailMs));
  return {
    ...original,
    timeline,
    load: {
      durationMs: Math.max(sizeOf('load.durationMs', load.durationMs), Math.min(lastHealMs, load.durationMs)),
      ratePerSecond,
      maxVus: Math.max(1, Math.ceil((load.maxVus * ratePerSecond) / load.ratePerSecond)),
    },
    processes: Object.fromEntries(
      Object.entries(processes).map(([role, count]) => [role, sizeOf(`processes.${role}`, count)]),
    ),
    world: {
      ...world,
      ...Object.fromEntries(sizesIn(world).map(([name, size]) => [name, sizeOf(`world.${name}`, size)])),
    },
  };
}

/** In words, for progress and for a title: what there is of what there was. */
export function describeCandidate(original: PlanFile, candidate: Candidate): string {
  const { timeline, load, processes, world } = planOfCandidate(original, candidate);
  const names = timeline.map(({ fault, applyAtMs, healAtMs }) => `${fault} ${applyAtMs}–${healAtMs} ms`);
  const listOf = (counts: readonly (readonly [string, unknown])[]): string =>
    counts.map(([name, count]) => `${String(count)} ${name}`).join(' ');
  return [
    `${timeline.length} of ${original.timeline.length} faults${names.length > 0 ? ` (${names.join(', ')})` : ''}`,
    `${load.ratePerSecond}/s for ${load.durationMs} ms`,
    listOf(Object.entries(processes)),
    listOf(sizesIn(world)),
  ].join(', ');
}

function startOf(index: number): string {
  return `fault ${index} start`;
}

function lengthOf(index: number): string {
  return `fault ${index} length`;
}

export interface Judgement {
  readonly fails: boolean;
  /** Whether the effect of every fault was observed in the run that failed. */
  readonly observed: boolean;
}

/** `how often`: the faults that are left, run as often as allowed, as a measure for the stages after it. */
export const shrinkStages = ['faults', 'how often', 'sizes at their least', 'sizes between'] as const;
export type ShrinkStage = (typeof shrinkStages)[number];

/** Between two sizes that are this close, as a share of the larger, nothing is looked for. */
const closeEnough = 0.25;

/**
 * `judge` is asked about the same candidate only once, and once more how often the one with the fewest faults fails. Once the effect of all faults
 * that are left was observed, a smaller candidate counts only if theirs is too: a plan whose fault has no effect could never be seen to hold.
 * Resolves to null when the whole does not fail.
 */
export async function shrink(
  original: PlanFile,
  serving: readonly string[],
  judge: (candidate: Candidate, stage: ShrinkStage) => Promise<Judgement>,
): Promise<Candidate | null> {
  const answers = new Map<string, Promise<Judgement>>();
  const judgeOnce = (candidate: Candidate, stage: ShrinkStage): Promise<Judgement> => {
    const key = `${stage === 'how often'} ${JSON.stringify(candidate)}`;
    const answer = answers.get(key) ?? judge(candidate, stage);
    answers.set(key, answer);
    return answer;
  };
  const whole = wholeOf(original, serving);
  if (!(await judgeOnce(whole, 'faults')).fails) return null;

  const withFaults = (faults: readonly number[]): Candidate => ({ ...whole, faults: [...faults] });
  const faults = await ddmin(
    whole.faults,
    async (part) => (await judgeOnce(withFaults(part), 'faults')).fails,
  );
  const { observed } = await judgeOnce(withFaults(faults), 'how often');

  const dimensions = dimensionsOf(original, faults, serving);
  const failsAt = async (sizes: Record<string, number>, stage: ShrinkStage): Promise<boolean> => {
    const judgement = await judgeOnce({ faults: [...faults], sizes }, stage);
    return judgement.fails && (judgement.observed || !observed);
  };
  const kept = await ddmin(dimensions, (part) => failsAt(leastBut(dimensions, part), 'sizes at their least'));
  const sizes = leastBut(dimensions, kept);
  for (const { name, original: failing, least: passing } of kept) {
    sizes[name] = await leastFailing({ failing, passing, closeEnough }, (value) =>
      failsAt({ ...sizes, [name]: value }, 'sizes between'),
    );
  }
  return { faults: [...faults], sizes };
}

/** Everything at its least but for `kept`, which stays as it was. */
function leastBut(dimensions: readonly Dimension[], kept: readonly Dimension[]): Record<string, number> {
  const least = dimensions.map(({ name, least: size }) => [name, size] as const);
  return { ...Object.fromEntries(least), ...sizesOf(kept) };
}

/**
 * Delta debugging: which of many circumstances a failure needs. `ddmin` of Andreas Zeller and Ralf Hildebrandt, "Simplifying and
 * Isolating Failure-Inducing Input", IEEE Transactions on Software Engineering 28(2), 2002.
 *
 * A smallest part of `items` for which `fails` is still true, in their order. `items` as a whole must fail; the empty part is tried
 * first. With a test that always answers alike the result is 1-minimal: it fails, and no part of it with one item less was seen to.
 * With a test that misses some failures, a result may be larger than need be, but it is a part that was seen to fail.
 */
export async function ddmin<T>(
  items: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (items.length === 0 || (await fails([]))) return [];
  let current = items;
  let granularity = 2;
  while (current.length > 1) {
    const found = await firstFailing(current, granularity, fails);
    if (found !== null) {
      current = found.part;
      granularity = found.isComplement ? Math.max(granularity - 1, 2) : 2;
    } else if (granularity < current.length) {
      granularity = Math.min(granularity * 2, current.length);
    } else break;
  }
  return current;
}

/** Of the parts into which `items` are cut, and of what is left when one of them is taken away. */
async function firstFailing<T>(
  items: readonly T[],
  granularity: number,
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<{ readonly part: readonly T[]; readonly isComplement: boolean } | null> {
  const parts = cut(items, granularity);
  for (const part of parts) if (await fails(part)) return { part, isComplement: false };
  // With two parts, each is what the other leaves.
  if (granularity === 2) return null;
  for (const taken of parts) {
    const part = items.filter((item) => !taken.includes(item));
    if (await fails(part)) return { part, isComplement: true };
  }
  return null;
}

/** Into as many parts of nearly the same size as asked for, none of them empty while there are enough items. */
function cut<T>(items: readonly T[], count: number): T[][] {
  return Array.from({ length: count }, (_, index) =>
    items.slice(Math.floor((index * items.length) / count), Math.floor(((index + 1) * items.length) / count)),
  );
}

/**
 * How small a quantity may become: the smallest whole number found above `passing`, down from `failing`, for which `fails` is true; `failing` itself
 * when there is none. Bisects until the two are as close as `closeEnough` (a share of the failing one). Where failing does not grow with the number,
 * the result is a number that fails, and not always the smallest.
 */
export async function leastFailing(
  range: { readonly failing: number; readonly passing: number; readonly closeEnough: number },
  fails: (value: number) => Promise<boolean>,
): Promise<number> {
  let { failing, passing } = range;
  while (failing - passing > Math.max(1, failing * range.closeEnough)) {
    const middle = Math.floor((failing + passing) / 2);
    if (await fails(middle)) failing = middle;
    else passing = middle;
  }
  return failing;
}
