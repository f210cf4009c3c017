import { describe, expect, it } from 'vitest';
import { deadlines } from './i16-deadlines.ts';
import { evidence, operation } from './literal.ts';

const lasting = (durationMs: number, type: 'ok' | 'info' = 'ok') =>
  operation(1, 'read-session', type, { turn: 0, version: 1 }, [100, 100 + durationMs]);

describe('I16', () => {
  it('holds up to deadline and tolerance, and tells the slowest', () => {
    const verdict = deadlines.check([lasting(10), lasting(5500, 'info')], evidence());
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toBe('2 operations took at most 5500 ms a request (5500 ms are allowed)');
  });

  it('names the slowest first, whatever its outcome', () => {
    const verdict = deadlines.check([lasting(5501), lasting(9000, 'info')], evidence());
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses.map((witness) => witness.facts['requestMs'])).toEqual([9000, 5501]);
  });

  it('judges also when the system did not come to rest', () => {
    const unrest = evidence({ quiescedMs: null });
    expect(deadlines.check([lasting(5501)], unrest).verdict).toBe('false');
    expect(deadlines.check([lasting(10)], unrest).verdict).toBe('true');
  });

  it('knows nothing when no request was made', () => {
    expect(deadlines.check([], evidence())).toMatchObject({
      verdict: 'unknown',
      reason: 'no request was made',
    });
  });

  it('allows a change sent twice under one key the deadline twice, and no more', () => {
    const twice = (durationMs: number) =>
      operation(1, 'reserve', 'ok', { no: 1, slot: 1, order: 'a', attempts: 2 }, [0, durationMs]);
    expect(deadlines.check([twice(11_000)], evidence()).verdict).toBe('true');
    expect(deadlines.check([twice(11_001)], evidence()).verdict).toBe('false');
  });
});
