import { describe, expect, it } from 'vitest';
import { deadlines } from './i16-deadlines.ts';
import { evidence, fault, operation } from './testing/literal.ts';

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

  it('judges also when the system did not reach rest', () => {
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

  it('does not count the time in which a serving process was paused', () => {
    const paused = (measures: Record<string, number>) => {
      const record = fault('api-paused', [1_000, 4_000]);
      return evidence({ faults: [{ ...record, effect: { ...record.effect, measures } }] });
    };
    const serving = paused({ pausedMs: 3_000, serving: 1 });
    expect(deadlines.check([lasting(8_500)], serving).verdict).toBe('true');
    expect(deadlines.check([lasting(8_501)], serving).verdict).toBe('false');
    expect(deadlines.check([lasting(7_001)], paused({ pausedMs: 1_500, serving: 1 })).verdict).toBe('false');
    expect(deadlines.check([lasting(5_501)], paused({ pausedMs: 3_000, serving: 0 })).verdict).toBe('false');
    const later = operation(1, 'read-session', 'ok', { turn: 0, version: 1 }, [4_001, 9_502]);
    expect(deadlines.check([later], serving).verdict).toBe('false');
  });

  describe('on a machine without a processor to spare', () => {
    const waits = (k6: number, api1: number, api2: number, [fromMs = 100, toMs = 300]: number[] = []) => ({
      fromMs,
      toMs,
      waitedMs: { k6, 'api-1': api1, 'api-2': api2 },
      idleMs: {},
    });
    /** Of a second each, one after the other: who had nothing to do for a while. */
    const idle = (...seconds: string[][]) =>
      seconds.map((names, second) => ({
        fromMs: second * 1_000,
        toMs: (second + 1) * 1_000,
        waitedMs: { 'api-1': 1_000 },
        idleMs: Object.fromEntries(
          ['k6', 'api-1', 'api-2'].map((name) => [name, names.includes(name) ? 10 : 9]),
        ),
      }));
    const everybody = ['k6', 'api-1', 'api-2'];
    const judged = (durationMs: number, ...processorWaits: ReturnType<typeof waits>[]) =>
      deadlines.check([lasting(durationMs)], evidence({ processorWaits }));

    it('knows nothing of a request that would have been in time without the waiting of its client and its API', () => {
      const verdict = judged(7000, waits(500, 600, 1000));
      expect(verdict.verdict).toBe('unknown');
      expect(verdict.reason).toBe(
        'the machine was starved: 1 requests took longer than the 5500 ms allowed, such as a read-session that took 7000 ms, and until its end the client or the API had never been without work (they waited 1500 ms for a processor)',
      );
    });

    it('accuses one that would have been late all the same', () => {
      const verdict = judged(7001, waits(500, 600, 1000));
      expect(verdict.verdict).toBe('false');
      expect(verdict.witnesses[0]?.facts).toMatchObject({ requestMs: 7001, waitedForProcessorMs: 1500 });
    });

    it('accuses a request that was open when its client and its API had nothing left to do', () => {
      // Sent in second 1, taken in in second 2, its time passed in second 8, its end sent in second 9 and taken in in second 10.
      const seen = idle([], ['k6'], everybody, [], [], [], [], [], everybody, everybody, everybody);
      const hung = (durationMs: number) =>
        deadlines.check([lasting(durationMs)], evidence({ processorWaits: seen })).verdict;
      expect(hung(9_901)).toBe('false');
      expect(hung(9_900)).toBe('unknown');
    });

    it.each([
      ['the client', [[], ['k6'], everybody, [], [], [], [], [], everybody, ['api-1', 'api-2']]],
      ['one of the API processes', [[], ['k6'], everybody, [], [], [], [], [], ['api-1'], everybody]],
      ['anybody before the time had passed', [[], ['k6'], everybody, everybody, everybody, everybody]],
    ])('knows nothing while %s had work', (_who, seconds) => {
      const seen = idle(...seconds, [], [], []);
      expect(deadlines.check([lasting(11_900)], evidence({ processorWaits: seen })).verdict).toBe('unknown');
    });

    it('accuses an API that is busy with itself and waits for nobody', () => {
      expect(judged(7_000, { ...waits(0, 0, 0), idleMs: { k6: 100 } }).verdict).toBe('false');
    });

    it('gives each attempt its time', () => {
      const twice = operation(1, 'reserve', 'ok', { no: 1, attempts: 2 }, [100, 19_001]);
      const seen = idle(...Array.from({ length: 30 }, () => everybody));
      const judge = (processorWaits: ReturnType<typeof idle>) =>
        deadlines.check([twice], evidence({ processorWaits })).verdict;
      expect(judge(seen)).toBe('false');
      expect(judge(seen.slice(0, 15))).toBe('unknown');
    });

    it('counts one API only, the same all the time', () => {
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
