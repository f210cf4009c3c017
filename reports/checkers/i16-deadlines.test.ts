import { describe, expect, it } from 'vitest';
import { deadlines } from './i16-deadlines.ts';
import { evidence, operation } from './literal.ts';

const lasting = (durationMs: number, type: 'ok' | 'info' = 'ok') =>
  operation(1, 'read-session', type, { turn: 0, version: 1 }, [100, 100 + durationMs]);

describe('I16', () => {
  it('holds up to deadline and tolerance, and tells the slowest', () => {
    const verdict = deadlines.check([lasting(10), lasting(5500, 'info')], evidence());
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toBe('2 requests took at most 5500 ms (5500 ms are allowed)');
  });

  it('names the slowest first, whatever its outcome', () => {
    const verdict = deadlines.check([lasting(5501), lasting(9000, 'info')], evidence());
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses.map((witness) => witness.facts['durationMs'])).toEqual([9000, 5501]);
  });

  it('knows nothing when no request was made', () => {
    expect(deadlines.check([], evidence())).toMatchObject({
      verdict: 'unknown',
      reason: 'no request was made',
    });
  });
});
