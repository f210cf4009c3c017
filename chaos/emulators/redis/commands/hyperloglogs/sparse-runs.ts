/**
 * Registers as runs of equal values: up to 16,384 zeros, or up to 4 of a value from 1 to 32. A run is split where a register changes, and
 * merged again with the runs near by only, as Redis does, so that the same elements in the same order give the same bytes.
 */
import type { Bytes } from '../../bytes/byte-string.ts';
import { registerCount } from './registers.ts';

export interface Run {
  readonly value: number;
  readonly length: number;
}

const shortZerosMax = 64;
const valueLengthMax = 4;
/** Runs that are looked at for merging, from the one before the change on. */
const mergedRuns = 5;

/** Undefined unless the runs stand for all registers. */
export function readRuns(body: Uint8Array): Run[] | undefined {
  const runs: Run[] = [];
  let registers = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte >= 0x80) {
      runs.push({ value: ((byte >> 2) & 31) + 1, length: (byte & 3) + 1 });
    } else if (byte >= 0x40) {
      at += 1;
      runs.push({ value: 0, length: (((byte & 63) << 8) | (body[at] ?? 0)) + 1 });
    } else {
      runs.push({ value: 0, length: byte + 1 });
    }
    registers += runs.at(-1)?.length ?? 0;
  }
  return registers === registerCount ? runs : undefined;
}

export function writeRuns(runs: readonly Run[]): Bytes {
  return runs
    .map(({ value, length }) => {
      if (value > 0) return String.fromCharCode(0x80 | ((value - 1) << 2) | (length - 1));
      if (length <= shortZerosMax) return String.fromCharCode(length - 1);
      return String.fromCharCode(0x40 | ((length - 1) >> 8), (length - 1) & 0xff);
    })
    .join('');
}

/** Whether the register was raised; `too long` when the runs would take more bytes than allowed, and nothing was changed. */
export function setInRuns(runs: Run[], index: number, value: number, bytesMax: number): boolean | 'too long' {
  let first = 0;
  let at = 0;
  for (; ; at += 1) {
    const length = runs[at]?.length ?? 1;
    if (index < first + length) break;
    first += length;
  }
  const old = runs[at] ?? { value: 0, length: 1 };
  if (old.value >= value) return false;
  const parts = [
    { value: old.value, length: index - first },
    { value, length: 1 },
    { value: old.value, length: first + old.length - index - 1 },
  ].filter(({ length }) => length > 0);
  const added = bytesOf(parts) - bytesOf([old]);
  if (added > 0 && bytesOf(runs) + added > bytesMax) return 'too long';
  runs.splice(at, 1, ...parts);
  mergeFrom(runs, Math.max(0, at - 1));
  return true;
}

function mergeFrom(runs: Run[], start: number): void {
  let at = start;
  for (let looked = 0; looked < mergedRuns; looked += 1) {
    const [run, next] = [runs[at], runs[at + 1]];
    if (run === undefined) return;
    const isMergeable =
      run.value > 0 && next?.value === run.value && run.length + next.length <= valueLengthMax;
    if (isMergeable) runs.splice(at, 2, { value: run.value, length: run.length + next.length });
    else at += 1;
  }
}

function bytesOf(runs: readonly Run[]): number {
  let bytes = 0;
  for (const { value, length } of runs) bytes += value === 0 && length > shortZerosMax ? 2 : 1;
  return bytes;
}
