/**
 * The memory of idempotent actions. It is part of the general's document, so that an effect and its key are saved by one and the
 * same write: neither can be there without the other.
 */
import { fingerprintOf } from '../fingerprint.ts';
import { type ActionResult, type General, recentKeysLimit } from '../models/general.ts';
import type { Command } from './command.ts';

export function fingerprint(command: Command): string {
  return fingerprintOf(command);
}

export type Remembered =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly result: ActionResult }
  /** The key was used for something else. */
  | { readonly kind: 'reused' };

export function recall(general: General, key: string, print: string): Remembered {
  const found = general.recent_keys.find((entry) => entry.key === key);
  if (found === undefined) return { kind: 'new' };
  return found.fingerprint === print ? { kind: 'answered', result: found.result } : { kind: 'reused' };
}

/** The oldest are forgotten. */
export function remember(general: General, key: string, print: string, result: ActionResult): General {
  const recent_keys = [...general.recent_keys, { key, fingerprint: print, result }].slice(-recentKeysLimit);
  return { ...general, recent_keys };
}

/**
 * Whether a key that is not in `now` may have been there since `version`: after an attempt with an unknown end, its absence
 * proves nothing once as many writes went by as are remembered.
 */
export function mayBeForgotten(now: General, version: number): boolean {
  return now.version - version > recentKeysLimit;
}
