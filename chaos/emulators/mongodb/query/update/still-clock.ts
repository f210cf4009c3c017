/** A clock that stands still, for tests of updates. */
import type { Clock } from '../../../../clock.ts';

export const stillClock: Clock = {
  nowMs: () => 1_700_000_000_000,
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
  timer: () => ({ [Symbol.dispose]: () => undefined }),
};
