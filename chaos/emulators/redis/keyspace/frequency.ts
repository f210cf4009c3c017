/**
 * How often a key is used, for the LFU policies: a counter of 8 bits that grows with the logarithm of the uses and shrinks with the
 * minutes without any (as in Redis: "Using Redis as an LRU cache", approximated Morris counter).
 */
import type { Random } from '../../../random.ts';
import type { Entry } from './database.ts';

export interface FrequencyRules {
  readonly nowMs: number;
  readonly lfuLogFactor: number;
  readonly lfuDecayMinutes: number;
  readonly random: Random;
}

/** A new key starts with this, so that it is not the first to go. */
const initialFrequency = 5;
const frequencyMax = 255;

export function usedAgain(entry: Entry, rules: FrequencyRules): void {
  const decayed = frequencyOf(entry, rules);
  entry.frequency = decayed;
  if (decayed >= frequencyMax) return;
  const base = Math.max(0, decayed - initialFrequency);
  if (rules.random.next() < 1 / (base * rules.lfuLogFactor + 1)) entry.frequency += 1;
}

/** The counter as of now. */
export function frequencyOf(entry: Entry, { nowMs, lfuDecayMinutes }: FrequencyRules): number {
  if (lfuDecayMinutes === 0) return entry.frequency;
  const minutes = Math.floor(nowMs / 60_000) - Math.floor(entry.usedAtMs / 60_000);
  return Math.max(0, entry.frequency - Math.floor(Math.max(0, minutes) / lfuDecayMinutes));
}
