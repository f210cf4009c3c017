/** Patterns of KEYS, SCAN, PSUBSCRIBE and CONFIG GET: `*`, `?`, `[a-z]`, `[^…]` and a backslash that takes the next byte as it is. */
import type { Bytes } from './byte-string.ts';

interface Run {
  readonly pattern: Bytes;
  readonly text: Bytes;
  readonly ignoreCase: boolean;
  /** Set once no longer text can match, so that patterns of many stars do not take exponential time. */
  skipLonger: boolean;
}

export function matchesGlob(pattern: Bytes, text: Bytes, ignoreCase = false): boolean {
  if (pattern === '*') return true;
  return matchFrom({ pattern, text, ignoreCase, skipLonger: false }, 0, 0);
}

function matchFrom(run: Run, patternStart: number, textStart: number): boolean {
  const { pattern, text } = run;
  let p = patternStart;
  let t = textStart;
  while (p < pattern.length && t < text.length) {
    const symbol = pattern.charAt(p);
    if (symbol === '*') return matchStar(run, p, t);
    if (symbol === '[') {
      const { isMatch, end } = matchClass(run, p, text.charCodeAt(t));
      if (!isMatch) return false;
      p = end;
    } else if (symbol !== '?') {
      if (symbol === '\\' && p + 1 < pattern.length) p += 1;
      if (fold(run, pattern.charCodeAt(p)) !== fold(run, text.charCodeAt(t))) return false;
    }
    p += 1;
    t += 1;
  }
  if (t === text.length) while (pattern.charAt(p) === '*') p += 1;
  return p >= pattern.length && t === text.length;
}

function matchStar(run: Run, patternStart: number, textStart: number): boolean {
  const { pattern, text } = run;
  let p = patternStart;
  while (pattern.charAt(p + 1) === '*') p += 1;
  if (p + 1 >= pattern.length) return true;
  for (let t = textStart; t < text.length; t += 1) {
    if (matchFrom(run, p + 1, t)) return true;
    if (run.skipLonger) return false;
  }
  run.skipLonger = true;
  return false;
}

/** `start` is the bracket's position; `end` that of the closing one, or of the pattern's last byte when it is missing. */
function matchClass(run: Run, start: number, byte: number): { isMatch: boolean; end: number } {
  const { pattern } = run;
  let p = start + 1;
  const negated = pattern.charAt(p) === '^';
  if (negated) p += 1;
  let found = false;
  const wanted = fold(run, byte);
  for (; ; p += 1) {
    if (p >= pattern.length) {
      p -= 1;
      break;
    }
    const symbol = pattern.charAt(p);
    if (symbol === '\\' && p + 1 < pattern.length) {
      p += 1;
      if (pattern.charCodeAt(p) === byte) found = true;
    } else if (symbol === ']') {
      break;
    } else if (pattern.charAt(p + 1) === '-' && p + 2 < pattern.length) {
      const from = fold(run, pattern.charCodeAt(p));
      const to = fold(run, pattern.charCodeAt(p + 2));
      if (wanted >= Math.min(from, to) && wanted <= Math.max(from, to)) found = true;
      p += 2;
    } else if (fold(run, pattern.charCodeAt(p)) === wanted) {
      found = true;
    }
  }
  return { isMatch: found !== negated, end: p };
}

function fold(run: Run, byte: number): number {
  return run.ignoreCase && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
