/** Counts of what toxics really did, so that a fault without effect is not mistaken for a system that withstood it. */
import { effects, type Effect } from './toxic.ts';

export type EffectCounts = { chunksAffected: number } & Record<Effect, number>;

export function noEffects(): EffectCounts {
  return {
    chunksAffected: 0,
    bytesDelayed: 0,
    bytesDropped: 0,
    bytesSliced: 0,
    closed: 0,
    closesDelayed: 0,
    reset: 0,
  };
}

export function hadEffect(counts: EffectCounts): boolean {
  return effects.some((effect) => counts[effect] > 0);
}

export function countEffect(counts: EffectCounts, effect: Effect, amount: number): void {
  counts[effect] += amount;
  if (effect.startsWith('bytes')) counts.chunksAffected += 1;
}
