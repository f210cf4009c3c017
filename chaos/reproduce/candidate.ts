/** A smaller experiment than the one that failed: some of its faults, and smaller sizes of everything that has one. Pure. */
import { z } from 'zod';
import type { ExperimentFile } from './experiment-file.ts';

/** `faults` are positions in the original's timeline; `sizes` has one number for each dimension of the original. */
export const candidateSchema = z.object({
  faults: z.array(z.int().nonnegative()),
  sizes: z.record(z.string(), z.int().nonnegative()),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** Something with a size that may be smaller. */
export interface Dimension {
  /** Such as `load.ratePerSecond` or `fault 3 length`. */
  readonly name: string;
  readonly original: number;
  readonly least: number;
}

/** Milliseconds: a fault needs time to be felt, and the load some before the first and after the last one. */
const leastLengthMs = 300;
const leastStartMs = 500;
const leastTailMs = 500;
const leastDurationMs = 1_000;

/** All that may become smaller, of the faults given; what is as small as can be already is left out. */
export function dimensionsOf(original: ExperimentFile, faults: readonly number[]): Dimension[] {
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
    ...counted('processes', original.processes, (name) => (name === 'api' ? 1 : 0)),
    ...counted('world', original.world, () => 1),
  ].filter((dimension) => dimension.original > dimension.least);
}

export function wholeOf(original: ExperimentFile): Candidate {
  const faults = original.timeline.map((_, index) => index);
  return { faults, sizes: sizesOf(dimensionsOf(original, faults)) };
}

export function sizesOf(dimensions: readonly Dimension[]): Record<string, number> {
  return Object.fromEntries(dimensions.map(({ name, original }) => [name, original]));
}

/** The experiment that a candidate stands for. The load lasts at least until shortly after the last fault. */
export function experimentOfCandidate(original: ExperimentFile, candidate: Candidate): ExperimentFile {
  const sizeOf = (name: string, otherwise: number): number => candidate.sizes[name] ?? otherwise;
  const timeline = candidate.faults.flatMap((index) => {
    const fault = original.timeline[index];
    if (fault === undefined) return [];
    const applyAtMs = sizeOf(startOf(index), fault.applyAtMs);
    const lengthMs = sizeOf(lengthOf(index), fault.healAtMs - fault.applyAtMs);
    return [{ ...fault, applyAtMs, healAtMs: applyAtMs + lengthMs }];
  });
  const { load } = original;
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
    processes: resized('processes', original.processes, sizeOf),
    world: resized('world', original.world, sizeOf),
  };
}

/** In words, for progress and for a title: what there is of what there was. */
export function describeCandidate(original: ExperimentFile, candidate: Candidate): string {
  const { timeline, load, processes, world } = experimentOfCandidate(original, candidate);
  const names = timeline.map(({ fault, applyAtMs, healAtMs }) => `${fault} ${applyAtMs}–${healAtMs} ms`);
  return [
    `${timeline.length} of ${original.timeline.length} faults${names.length > 0 ? ` (${names.join(', ')})` : ''}`,
    `${load.ratePerSecond}/s for ${load.durationMs} ms`,
    listOf(processes),
    listOf(world),
  ].join(', ');
}

function listOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(' ');
}

function startOf(index: number): string {
  return `fault ${index} start`;
}

function lengthOf(index: number): string {
  return `fault ${index} length`;
}

function counted(
  group: string,
  counts: Readonly<Record<string, number>>,
  least: (name: string) => number,
): Dimension[] {
  return Object.entries(counts).map(([name, original]) => ({
    name: `${group}.${name}`,
    original,
    least: least(name),
  }));
}

function resized<T extends Readonly<Record<string, number>>>(
  group: string,
  counts: T,
  sizeOf: (name: string, otherwise: number) => number,
): T {
  const sizes = Object.entries(counts).map(([name, count]) => [name, sizeOf(`${group}.${name}`, count)]);
  return { ...counts, ...Object.fromEntries(sizes) };
}
