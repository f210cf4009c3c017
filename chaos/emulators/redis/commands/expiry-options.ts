/** Times at which keys are to expire, as commands give them: relative or absolute, in seconds or milliseconds. */
import { plainError } from '../errors.ts';
import type { Context } from './context.ts';

export interface ExpiryUnit {
  readonly isAbsolute: boolean;
  readonly inSeconds: boolean;
}

export const expiryUnits: Readonly<Record<string, ExpiryUnit>> = {
  ex: { isAbsolute: false, inSeconds: true },
  px: { isAbsolute: false, inSeconds: false },
  exat: { isAbsolute: true, inSeconds: true },
  pxat: { isAbsolute: true, inSeconds: false },
};

const int64Max = 2n ** 63n - 1n;

/** Milliseconds since the epoch. What is no positive number, or does not fit in 64 bits, is refused. */
export function expiryAt(context: Context, position: number, unit: ExpiryUnit): number {
  const given = context.int64(position);
  const invalid = plainError(`invalid expire time in '${context.command.name}' command`);
  if (given <= 0n || (unit.inSeconds && given > int64Max / 1000n)) throw invalid;
  const milliseconds = unit.inSeconds ? given * 1000n : given;
  const base = unit.isAbsolute ? 0n : BigInt(context.nowMs);
  if (milliseconds > int64Max - base) throw invalid;
  return Number(milliseconds + base);
}
