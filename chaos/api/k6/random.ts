/**
 * Seeded randomness for scripts. It is drawn for each iteration and not for each VU, because which VU gets an arrival is a race:
 * so the same seed gives the same operations in the same order, on any runtime.
 */
export interface IterationRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [minimum, maximum], both included. */
  integer(minimum: number, maximum: number): number;
}

/** mulberry32 over an FNV-1a hash of seed, scenario and iteration. */
export function randomOfIteration(seed: string, scenario: string, iteration: number): IterationRandom {
  let state = hash(`${seed}/${scenario}/${iteration}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    integer: (minimum, maximum) => minimum + Math.floor(next() * (maximum - minimum + 1)),
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
