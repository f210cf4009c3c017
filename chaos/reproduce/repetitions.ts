/** What several runs of the same cells say together: how often the same was seen, and what that means. Pure. */
import { exitCodes, InterruptedError, type RedcliffError } from '../errors.ts';
import { cellName } from './recorded-cell.ts';
import { type Sighting, type Symptom, symptomText } from './symptom.ts';

export interface Repetition {
  readonly scenario: string;
  readonly outage: string;
  /** Counts from 1. */
  readonly number: number;
  /** Of its own report, within that of the reproduction. */
  readonly folder: string;
  readonly harnessError: string | null;
  readonly symptoms: readonly {
    readonly symptom: Symptom;
    readonly sighting: Sighting;
    readonly explanation: string;
  }[];
}

/**
 * 1 when a symptom was seen again at least once; otherwise 130 when it was interrupted, 70 when the harness failed in a run, 2 when a
 * run leaves it open, 0 when it was never seen.
 */
export function exitOfRepetitions(
  repetitions: readonly Repetition[],
  cutShort: RedcliffError | null,
): number {
  const sightings = repetitions.flatMap(({ symptoms }) => symptoms.map(({ sighting }) => sighting));
  if (sightings.includes('violated')) return exitCodes.violated;
  if (cutShort instanceof InterruptedError) return exitCodes.interrupted;
  if (cutShort !== null || repetitions.some(({ harnessError }) => harnessError !== null)) {
    return exitCodes.harness;
  }
  if (repetitions.length === 0 || sightings.includes('unknown')) return exitCodes.unknown;
  return exitCodes.held;
}

const words: Readonly<Record<Sighting, string>> = {
  held: 'held this time',
  unheard: 'nothing is said: the harness failed',
  unknown: 'unknown',
  violated: 'violated again',
};

/** One line for each symptom of a run. */
export function renderRepetition(repetition: Repetition, of: number): string {
  const head = `${cellName(repetition)}, run ${repetition.number} of ${of}:`;
  const { symptoms, harnessError } = repetition;
  if (symptoms.length === 0) return `${head} ${harnessError ?? 'run to its end'}`;
  return symptoms
    .map(({ symptom, sighting, explanation }) => {
      const why = explanation === '' || sighting === 'held' ? '' : `: ${explanation}`;
      return `${head} ${symptomText(symptom)} ${words[sighting]}${why}`;
    })
    .join('\n');
}

/** How often each symptom was seen, and, when one was not, what that is worth. */
export function renderConclusion(repetitions: readonly Repetition[]): string {
  const counts = new Map<string, { runs: number; violated: number; open: number }>();
  for (const repetition of repetitions) {
    for (const { symptom, sighting } of repetition.symptoms) {
      const name = `${symptomText(symptom)} in ${cellName(repetition)}`;
      const { runs, violated, open } = counts.get(name) ?? { runs: 0, violated: 0, open: 0 };
      counts.set(name, {
        runs: runs + 1,
        violated: violated + (sighting === 'violated' ? 1 : 0),
        open: open + (sighting === 'unknown' || sighting === 'unheard' ? 1 : 0),
      });
    }
  }
  const lines = [...counts].map(([name, { runs, violated, open }]) => {
    const undecided = open > 0 ? `, ${open} left it open` : '';
    return `${name}: violated again in ${violated} of ${runs} runs${undecided}`;
  });
  const most = Math.max(0, ...[...counts.values()].map(({ runs }) => runs));
  const missed = [...counts.values()].some(({ violated }) => violated === 0);
  return [...lines, ...(missed && most > 0 ? [worthOfNever(most)] : []), whatASeedFixes].join('\n');
}

/** A violation that shows in half of all runs escapes n of them with a chance of 2⁻ⁿ. */
function worthOfNever(runs: number): string {
  return `Never seen is not gone: what shows in every second run escapes ${runs} of them once in ${2 ** runs} times; --times asks for more.`;
}

const whatASeedFixes =
  'The seed fixes the world, what each client asks for and when, and when each fault comes; it does not fix how the processes interleave, ' +
  'so the same experiment may come out otherwise.';
