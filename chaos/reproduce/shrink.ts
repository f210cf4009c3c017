/**
 * Makes a failing experiment small: first the faults that matter, by delta debugging; then everything that has a size, at its least
 * where the failure does not need more, by delta debugging over what stays as it was; then, of what has to be larger, how large.
 * Pure, but for the judgement it is given.
 */
import { type Candidate, type Dimension, dimensionsOf, sizesOf, wholeOf } from './candidate.ts';
import { ddmin } from './delta-debugging.ts';
import type { ExperimentFile } from './experiment-file.ts';
import { leastFailing } from './least-number.ts';

export interface Judgement {
  readonly fails: boolean;
  /** Whether every fault was felt in the run that failed. */
  readonly felt: boolean;
}

/** `how often`: the faults that are left, run as often as allowed, for the stages after it to be held to. */
export type ShrinkStage = 'faults' | 'how often' | 'sizes at their least' | 'sizes between';

/** Between two sizes that are this close, as a share of the larger, nothing is looked for. */
const closeEnough = 0.25;

/**
 * `judge` is asked about the same candidate only once, and once more how often the one with the fewest faults fails. Once the faults that are left were all felt, a smaller candidate counts only if
 * its faults are felt too: an experiment whose fault does nothing could never be seen to hold.
 * Resolves to null when the whole does not fail.
 */
export async function shrink(
  original: ExperimentFile,
  judge: (candidate: Candidate, stage: ShrinkStage) => Promise<Judgement>,
): Promise<Candidate | null> {
  const answers = new Map<string, Promise<Judgement>>();
  const judgeOnce = (candidate: Candidate, stage: ShrinkStage): Promise<Judgement> => {
    const key = `${stage === 'how often'} ${JSON.stringify(candidate)}`;
    const answer = answers.get(key) ?? judge(candidate, stage);
    answers.set(key, answer);
    return answer;
  };
  const whole = wholeOf(original);
  if (!(await judgeOnce(whole, 'faults')).fails) return null;

  const withFaults = (faults: readonly number[]): Candidate => ({ ...whole, faults: [...faults] });
  const faults = await ddmin(
    whole.faults,
    async (part) => (await judgeOnce(withFaults(part), 'faults')).fails,
  );
  const { felt } = await judgeOnce(withFaults(faults), 'how often');

  const dimensions = dimensionsOf(original, faults);
  const failsAt = async (sizes: Record<string, number>, stage: ShrinkStage): Promise<boolean> => {
    const judgement = await judgeOnce({ faults: [...faults], sizes }, stage);
    return judgement.fails && (judgement.felt || !felt);
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
  const least = dimensions.map(({ name, least }) => [name, least] as const);
  return { ...Object.fromEntries(least), ...sizesOf(kept) };
}
