/** Invariants that hold for any target, without a word about its data. */
import type { Rule } from './checker.ts';
import { deadline } from './deadline.ts';
import { progress } from './progress.ts';

export function defaultInvariants(): readonly Rule[] {
  return [deadline(), progress()];
}
