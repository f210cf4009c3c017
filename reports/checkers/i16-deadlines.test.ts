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

  describe('on a machine without a processor to spare', () => {
    const waits = (k6: number, api1: number, api2: number, [fromMs, toMs] = [100, 300]) => ({
      fromMs,
      toMs,
      waitedMs: { k6, 'api-1': api1, 'api-2': api2, 'db-sync-1': 5_000 },
    });
    const judged = (durationMs: number, ...processorWaits: ReturnType<typeof waits>[]) =>
      deadlines.check([lasting(durationMs)], evidence({ processorWaits }));

    it('knows nothing of a request that would have been in time without the waiting of its client and its API', () => {
      const verdict = judged(7000, waits(500, 600, 1000));
      expect(verdict.verdict).toBe('unknown');
      expect(verdict.reason).toBe(
        'the machine was starved: 1 requests took longer than the 5500 ms allowed, such as a read-session that took 7000 ms while the client and the API waited 1500 ms for a processor',
      );
    });

    it('accuses one that would have been late all the same', () => {
      const verdict = judged(7001, waits(500, 600, 1000));
      expect(verdict.verdict).toBe('false');
      expect(verdict.witnesses[0]?.facts).toMatchObject({ requestMs: 7001, waitedForProcessorMs: 1500 });
    });

    it('counts one API only, the same all the time, and not those who answer nobody', () => {
      expect(judged(7000, waits(0, 1000, 0), waits(0, 0, 1000, [300, 500])).verdict).toBe('false');
      expect(judged(7000, waits(0, 1000, 0), waits(0, 500, 0, [300, 500])).verdict).toBe('unknown');
    });

    it('counts the waiting during the request only', () => {
      expect(judged(7000, waits(1500, 0, 0, [0, 99]), waits(1500, 0, 0, [7101, 7300])).verdict).toBe('false');
      expect(judged(7000, waits(1500, 0, 0, [0, 100])).verdict).toBe('unknown');
      expect(judged(7000, waits(1500, 0, 0, [7100, 7300])).verdict).toBe('unknown');
    });

    it('changes nothing for requests that were in time', () => {
      expect(judged(5500, waits(5000, 0, 0)).verdict).toBe('true');
    });

    it('shares the waiting out among the attempts of one operation', () => {
      const twice = operation(1, 'reserve', 'ok', { no: 1, attempts: 2 }, [0, 12_000]);
      const starved = (k6: number) => evidence({ processorWaits: [waits(k6, 0, 0)] });
      expect(deadlines.check([twice], starved(1_000)).verdict).toBe('unknown');
      expect(deadlines.check([twice], starved(999)).verdict).toBe('false');
    });
  });
});
