/** What an exploration found, as report.json has it: for each call and fault whether the target survived it. */
import { z } from 'zod';

/**
 * `violated`: by this injection alone, or together with those in `with`. `undecided`: it acted, and the verdicts were not clear. `skipped`: the target
 * behaved alike under another, which is named. `not reached`: the call was not made while the injection waited for it. `not tried`: the budget was used up.
 */
export const injectionResults = [
  'survived',
  'violated',
  'undecided',
  'skipped',
  'not reached',
  'not tried',
] as const;
export type InjectionResult = (typeof injectionResults)[number];

export const injectionSchema = z.object({
  scenario: z.string(),
  /** Kind of operation that makes the call; null for what a process does by itself. */
  operation: z.string().nullable(),
  /** Role, command, target, and which of several. */
  call: z.string(),
  store: z.enum(['mongo', 'redis']),
  fault: z.string(),
  result: z.enum(injectionResults),
  /** Label of the cell in which it was decided; null for what did not run. */
  cell: z.string().nullable(),
  /** Why, in a sentence: the witness of a violation, what was alike, what was unclear. */
  reason: z.string(),
  /** What the client was answered, and the calls that followed; equal for equal behaviour. Empty for what did not act. */
  behaviour: z.string(),
});
export type Injection = z.infer<typeof injectionSchema>;

const changeSchema = z.object({
  /** Injections that the target survived in the baseline and does not now, and the other way round. */
  worse: z.array(z.string()),
  better: z.array(z.string()),
  /** Decided in both. Absent in reports of before it was counted. */
  compared: z.int().optional(),
  /** Decided in only one of the two. */
  unlike: z.int(),
});
export type ExplorationChange = z.infer<typeof changeSchema>;

export const explorationSchema = z.object({
  injections: z.array(injectionSchema),
  /** Calls that were seen but could not be tied to one operation, or that this stack cannot break, with the reason. */
  notExplored: z.array(z.object({ what: z.string(), why: z.string() })),
  /** Good–Turing estimate of the chance that one more injection shows a behaviour not seen yet. */
  novelty: z.object({
    injections: z.int(),
    behaviours: z.int(),
    share: z.number(),
    upTo: z.number(),
  }),
  /** Why it ended. */
  ended: z.string(),
  /** Seconds that it took. */
  seconds: z.number(),
  /** What changed since the baseline; absent where there is none. */
  change: changeSchema.optional(),
});
export type Exploration = z.infer<typeof explorationSchema>;

/** Names the injection in any exploration of the target. */
export function injectionName({
  scenario,
  operation,
  call,
  fault,
}: Pick<Injection, 'call' | 'fault' | 'operation' | 'scenario'>): string {
  return `${scenario}, ${operation ?? '(by itself)'}: ${call} × ${fault}`;
}

export interface Score {
  readonly survived: number;
  readonly violated: number;
  readonly undecided: number;
  readonly skipped: number;
  readonly notReached: number;
  readonly notTried: number;
  /** Injections that acted and were decided: the denominator of the score. */
  readonly decided: number;
}

export function scoreOf(injections: readonly Pick<Injection, 'result'>[]): Score {
  const count = (result: InjectionResult): number =>
    injections.filter((injection) => injection.result === result).length;
  const [survived, violated] = [count('survived'), count('violated')];
  return {
    survived,
    violated,
    undecided: count('undecided'),
    skipped: count('skipped'),
    notReached: count('not reached'),
    notTried: count('not tried'),
    decided: survived + violated,
  };
}
