/** Invariants that hold for any target, without a word about its data. Exits and recovery are thresholds of every run already. */
import { availability } from './availability.ts';
import type { Rule } from './checker.ts';
import { deadline } from './deadline.ts';
import { growth } from './growth.ts';
import { honestOutcomes } from './honest-outcomes.ts';
import { progressAfterHeal } from './progress-after-heal.ts';
import { restReached } from './rest-reached.ts';

/** What is served before anything is broken. */
const baselineFloor = 0.95;

export function defaultInvariants(): readonly Rule[] {
  return [
    deadline(),
    availability({ floors: { baseline: baselineFloor }, operationsMin: 1 }),
    progressAfterHeal(),
    restReached(),
    growth(),
    honestOutcomes(),
  ];
}
