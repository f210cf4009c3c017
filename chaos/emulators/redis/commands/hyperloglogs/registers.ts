/**
 * HyperLogLog: which register an element belongs to, and how many different elements registers stand for.
 * Estimator: O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (arXiv:1702.01284), algorithm 6.
 */
import { bufferOf, type Bytes } from '../../bytes/byte-string.ts';

const indexBits = 14;
export const registerCount = 2 ** indexBits;
/** Bits of a hash that are left for the run of zeros. */
const runBits = 64 - indexBits;
const alphaInfinity = 0.5 / Math.LN2;
const mask64 = (1n << 64n) - 1n;
const multiplier = 0xc6a4a7935bd1e995n;
const seed = 0xadc83b19n;

export interface Hit {
  readonly index: number;
  /** Zeros in the hash before its first one, and that one. */
  readonly run: number;
}

export function hitOf(element: Bytes): Hit {
  const hash = murmurHash64A(element);
  const index = Number(hash & BigInt(registerCount - 1));
  let rest = hash >> BigInt(indexBits);
  let run = 1;
  while (run <= runBits && (rest & 1n) === 0n) {
    run += 1;
    rest >>= 1n;
  }
  return { index, run };
}

export function cardinality(registers: Uint8Array): number {
  const histogram = Array.from({ length: runBits + 2 }, () => 0);
  for (const run of registers) histogram[run] = (histogram[run] ?? 0) + 1;
  let sum = registerCount * tau((registerCount - (histogram[runBits + 1] ?? 0)) / registerCount);
  for (let run = runBits; run >= 1; run -= 1) sum = (sum + (histogram[run] ?? 0)) * 0.5;
  sum += registerCount * sigma((histogram[0] ?? 0) / registerCount);
  return Math.round((alphaInfinity * registerCount * registerCount) / sum);
}

function sigma(start: number): number {
  if (start === 1) return Infinity;
  let power = start;
  let weight = 1;
  let sum = start;
  for (;;) {
    power *= power;
    const before = sum;
    sum += power * weight;
    weight += weight;
    if (sum === before) return sum;
  }
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let root = start;
  let weight = 1;
  let sum = 1 - start;
  for (;;) {
    root = Math.sqrt(root);
    const before = sum;
    weight *= 0.5;
    sum -= (1 - root) ** 2 * weight;
    if (sum === before) return sum / 3;
  }
}

/** Austin Appleby's MurmurHash2 in its variant for 64 bits (public domain). */
function murmurHash64A(element: Bytes): bigint {
  const bytes = bufferOf(element);
  let hash = seed ^ ((BigInt(bytes.length) * multiplier) & mask64);
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) {
    let block = (bytes.readBigUInt64LE(at) * multiplier) & mask64;
    block = ((block ^ (block >> 47n)) * multiplier) & mask64;
    hash = ((hash ^ block) * multiplier) & mask64;
  }
  if (whole < bytes.length) {
    let tail = 0n;
    for (let at = bytes.length - 1; at >= whole; at -= 1) tail = (tail << 8n) | BigInt(bytes[at] ?? 0);
    hash = ((hash ^ tail) * multiplier) & mask64;
  }
  hash = ((hash ^ (hash >> 47n)) * multiplier) & mask64;
  return hash ^ (hash >> 47n);
}
