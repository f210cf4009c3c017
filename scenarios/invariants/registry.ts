/** The invariants of the game, in alphabetical order of their names. How to add one: docs/contributing.md. */
import type { Checker } from '../../reports/checkers/checker.ts';
import { turnsExactlyOnce } from './i1-turns-exactly-once.ts';
import { acknowledgedWrites } from './i10-acknowledged-writes.ts';
import { cacheAgrees } from './i11-cache-agrees.ts';
import { lockExclusion } from './i12-lock-exclusion.ts';
import { locksFree } from './i13-locks-free.ts';
import { readsServed } from './i14-reads-served.ts';
import { readStaleness } from './i15-read-staleness.ts';
import { deadlines } from './i16-deadlines.ts';
import { progress } from './i17-progress.ts';
import { nothingLeft } from './i18-nothing-left.ts';
import { schedules } from './i19-schedules.ts';
import { turnNumbers } from './i2-turn-numbers.ts';
import { answers } from './i20-answers.ts';
import { lockCommands } from './i21-lock-commands.ts';
import { auctionsSettledOnce } from './i3-auctions-settled-once.ts';
import { goldConserved } from './i4-gold-conserved.ts';
import { cityCounts } from './i5-city-counts.ts';
import { destroyedOwnNothing } from './i6-destroyed-own-nothing.ts';
import { diplomacySymmetric } from './i7-diplomacy-symmetric.ts';
import { hiresPaidOnce } from './i8-hires-paid-once.ts';
import { rewardsPaidOnce } from './i9-rewards-paid-once.ts';

export const checkers: readonly Checker[] = [
  turnsExactlyOnce,
  acknowledgedWrites,
  cacheAgrees,
  lockExclusion,
  locksFree,
  readsServed,
  readStaleness,
  deadlines,
  progress,
  nothingLeft,
  schedules,
  turnNumbers,
  answers,
  lockCommands,
  auctionsSettledOnce,
  goldConserved,
  cityCounts,
  destroyedOwnNothing,
  diplomacySymmetric,
  hiresPaidOnce,
  rewardsPaidOnce,
];

/** The invariants of these names, in that order. Throws a RangeError when there is no such one. */
export function invariants(...names: readonly string[]): readonly Checker[] {
  return names.map((name) => {
    const found = checkers.find(({ invariant }) => invariant === name);
    if (found === undefined) throw new RangeError(`there is no invariant ${name}`);
    return found;
  });
}
