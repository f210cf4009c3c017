/** Seeded randomness: with `--seed` every draw of the scripts comes from one seed, so that a run can be repeated. */
export interface Random {
  /** Uniform in [0, 1) with 53 bits. */
  next(): number;
  /** Uniform integer in [minimum, maximum], both included. */
  integer(minimum: number, maximum: number): number;
  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T;
  /** An independent stream for `label`: the same parent seed and label always give the same stream. */
  fork(label: string): Random;
  /** Version 4 UUID drawn from this stream. */
  uuid(): string;
}

/** xoshiro128** by Blackman and Vigna (2018), seeded through splitmix32 over an FNV-1a hash of the seed's text. */
export function seededRandom(seed: string | number): Random {
  const state = expandSeed(String(seed));
  const nextWord = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotateLeft(state[3], 11);
    return result;
  };
  const next = (): number => (nextWord() >>> 5) * 2 ** -27 + (nextWord() >>> 6) * 2 ** -53;
  const integer = (minimum: number, maximum: number): number =>
    minimum + Math.floor(next() * (maximum - minimum + 1));
  return {
    next,
    integer,
    pick: <T>(items: readonly T[]): T => {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError('pick needs a non-empty list');
      return item;
    },
    fork: (label) => seededRandom(`${seed}/${label}`),
    uuid: () => {
      const hex = Array.from({ length: 4 }, () => nextWord().toString(16).padStart(8, '0')).join('');
      const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
  };
}

/** The engine's own, as it is when it is asked. */
export function engineRandom(): number {
  return Math.random();
}

/** Lets `Math.random` draw from whatever `pick` names at the time, and from the engine when that is nothing. */
export function drawMathRandomFrom(pick: () => Random | undefined): void {
  const original = Math.random;
  Math.random = (): number => pick()?.next() ?? original();
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function expandSeed(text: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  const splitmix = (): number => {
    hash = (hash + 0x9e3779b9) >>> 0;
    let word = hash;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
  return [splitmix(), splitmix(), splitmix(), splitmix() || 1];
}
