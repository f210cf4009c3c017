/** What the seeded randomness of the harness does not have: the engine's own draws, and `Math.random` of scripts. */
import type { Random } from '../../random.ts';

/** The engine's own, as it is when it is asked. */
export function engineRandom(): number {
  return Math.random();
}

/** Lets `Math.random` draw from whatever `pick` names at the time, and from the engine when that is nothing. */
export function drawMathRandomFrom(pick: () => Random | undefined): void {
  const original = Math.random;
  Math.random = (): number => pick()?.next() ?? original();
}
