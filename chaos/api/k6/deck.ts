/**
 * Draws without replacement: in as many draws as the deck has cards, each card comes exactly once. Rare operations that must occur are drawn
 * this way, because by chance alone they would sometimes be missing from a short run.
 */
import { randomOfIteration } from './random.ts';

/** Card of the `draw`-th draw, from 0; the deck is shuffled again, from the seed, when it is used up. It must not be empty. */
export function cardOf<Card>(deck: readonly Card[], seed: string, name: string, draw: number): Card {
  const random = randomOfIteration(seed, `${name}/deck`, Math.floor(draw / deck.length));
  // Fisher and Yates, in the form of Durstenfeld, "Algorithm 235: Random permutation", CACM 7 (1964).
  const shuffled = [...deck];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.integer(0, last);
    [shuffled[last], shuffled[other]] = [shuffled[other] as Card, shuffled[last] as Card];
  }
  return shuffled[draw % deck.length] as Card;
}

const strataCount = 20;
const strata = Array.from({ length: strataCount }, (_, index) => index);

/** Uniform in [0, 1); of 20 draws in a row, counted from 0, one falls into each twentieth. */
export function evenlySpread(seed: string, name: string, draw: number): number {
  const within = randomOfIteration(seed, `${name}/within`, draw).next();
  return (cardOf(strata, seed, `${name}/choice`, draw) + within) / strataCount;
}
