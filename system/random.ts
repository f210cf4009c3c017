/**
 * Where the system's randomness comes from: worlds are drawn from a seed, so that the same seed gives the same world;
 * tokens, write ids and jitter of a live process come from the operating system, so that no two processes agree.
 */
import { randomUUID } from 'node:crypto';

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Version 4 UUID. */
  uuid(): string;
}

export interface SeededRandom extends Random {
  /** Uniform integer in [minimum, maximum], both included. */
  integer(minimum: number, maximum: number): number;
  /** One element of a non-empty list. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** An independent stream: the same seed and label always give the same stream, independent of earlier draws. */
  fork(label: string): SeededRandom;
}

export const systemRandom: Random = { next: () => Math.random(), uuid: () => randomUUID() };

/** sfc32 by Chris Doty-Humphrey (PractRand), seeded with an FNV-1a hash of the seed's text and warmed up by 16 draws. */
export function seededRandom(seed: string): SeededRandom {
  const hash = fnv1a(seed);
  let a = hash;
  let b = fnv1a(`${seed}#`);
  let c = 0x9e3779b9;
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let draw = 0; draw < 16; draw += 1) word();
  const next = () => word() / 2 ** 32;
  const integer = (minimum: number, maximum: number) =>
    minimum + Math.floor(next() * (maximum - minimum + 1));
  return {
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    fork: (label) => seededRandom(`${seed}/${label}`),
    uuid: () => {
      const hex = Array.from({ length: 4 }, () => word().toString(16).padStart(8, '0')).join('');
      const variant = ((word() & 3) | 8).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
