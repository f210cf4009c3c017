import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import type { FaultRecord } from '../../reports/record/report.ts';
import { readsServed } from './i14-reads-served.ts';
import { evidence, fault, general, operation } from './testing/literal.ts';

const read = (type: Operation['type'], startedMs: number, status?: number, no = 1): Operation =>
  operation(1, 'read-general', type, { no, ...(status === undefined ? {} : { status }) }, [
    startedMs,
    startedMs + 50,
  ]);
const redisDown = fault('redis-down', [10_000, 20_000]);

function judged(operations: Operation[], faults: FaultRecord[]) {
  return readsServed.check(operations, evidence({ faults, database: { generals: [general(1)] } }));
}

describe('I14', () => {
  it('holds when reads are served while Redis is down', () => {
    const verdict = judged([read('ok', 5000), read('ok', 15_000)], [redisDown]);
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('2 reads were served, 1 of them while Redis was disturbed');
  });

  it('sees a read that failed while Redis was down, and says which', () => {
    const failed = read('fail', 15_000);
    const verdict = judged([read('ok', 12_000), failed], [redisDown]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.reason).toContain('answered 503 during redis-down');
    expect(verdict.witnesses[0]?.operations).toEqual([failed]);
  });

  it('sees a read that failed while nothing was broken', () => {
    expect(judged([read('ok', 12_000), read('fail', 30_000)], [redisDown]).verdict).toBe('false');
    expect(judged([read('ok', 12_000), read('fail', 30_000)], []).verdict).toBe('false');
  });

  it.each(['mongo-down', 'api-killed', 'both-down'])(
    'lets a read fail during %s and the recovery after it',
    (name) => {
      const other = fault(name, [30_000, 35_000]);
      const served = read('ok', 1000);
      expect(judged([served, read('fail', 32_000)], [other]).verdict).toBe('true');
      expect(judged([served, read('fail', 44_999)], [other]).verdict).toBe('true');
      expect(judged([served, read('fail', 45_001)], [other]).verdict).toBe('false');
    },
  );

  it.each(['clock-jump', 'db-sync-killed', 'turn-processor-killed', 'turn-processor-paused'])(
    'lets no read fail for %s, which concerns a daemon',
    (name) => {
      const daemon = fault(name, [30_000, 35_000]);
      expect(judged([read('ok', 1000), read('fail', 32_000)], [daemon]).verdict).toBe('false');
      expect(judged([read('ok', 32_000)], [daemon])).toMatchObject({
        verdict: 'true',
        reason: '1 reads were served',
      });
    },
  );

  it('judges reads between outages of MongoDB that follow each other, as in a soak', () => {
    const faults = [
      fault('mongo-down', [5000, 6000]),
      fault('redis-down', [10_000, 30_000]),
      fault('mongo-slow', [31_000, 32_000]),
    ];
    expect(judged([read('ok', 16_001), read('fail', 15_999)], faults).verdict).toBe('true');
    expect(judged([read('ok', 16_001), read('fail', 16_002)], faults).verdict).toBe('false');
  });

  describe('on a machine without a processor to spare', () => {
    const lasting = (durationMs: number) =>
      operation(1, 'read-general', 'fail', { no: 1 }, [1000, 1000 + durationMs]);
    const starved = (operations: Operation[], api: number, k6: number) =>
      readsServed.check(
        operations,
        evidence({
          database: { generals: [general(1)] },
          processorWaits: [{ fromMs: 900, toMs: 5000, waitedMs: { 'api-1': api, k6 }, idleMs: {} }],
        }),
      );

    it('knows nothing of a read that was given up and waited for a processor half of its time', () => {
      const verdict = starved([lasting(5000), read('ok', 7000)], 2000, 500);
      expect(verdict).toMatchObject({
        verdict: 'unknown',
        reason:
          'the machine was starved: 1 reads were not served, and waited for a processor most of their time',
      });
      expect(starved([lasting(5000)], 2000, 499).verdict).toBe('false');
    });

    it('excuses no read that was refused at once', () => {
      expect(starved([lasting(2500)], 3000, 0).verdict).toBe('unknown');
      expect(starved([lasting(2499)], 3000, 0).verdict).toBe('false');
    });
  });

  it('takes "not found" for a failure when the entity is there, and for an answer when it is not', () => {
    expect(judged([read('fail', 15_000, 404)], [redisDown]).verdict).toBe('false');
    expect(judged([read('fail', 15_000, 404, 99)], [redisDown]).verdict).toBe('true');
  });

  it('never lets a reader be told that what is there is not, whatever is broken', () => {
    const mongoDown = fault('mongo-down', [10_000, 20_000]);
    const denied = read('fail', 15_000, 404);
    const verdict = judged([read('ok', 5000), denied], [mongoDown]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses[0]).toMatchObject({
      summary:
        'a read-general of session s1 was answered 404 during or after mongo-down, and what it asked for is there',
      operations: [denied],
    });
    expect(judged([read('ok', 5000), read('fail', 15_000, 404, 99)], [mongoDown]).verdict).toBe('true');
  });

  it('does not ask for a general before he was hired', () => {
    const hired = operation(2, 'hire', 'ok', { no: 1 }, [7000, 7100]);
    expect(judged([hired, read('fail', 7050, 404), read('ok', 7150)], []).verdict).toBe('true');
    expect(judged([hired, read('fail', 7100, 404), read('ok', 7150)], []).verdict).toBe('false');
    const unclear = operation(2, 'hire', 'info', {}, [7000, 7100]);
    expect(judged([unclear, read('fail', 7050, 404), read('ok', 8000)], []).verdict).toBe('true');
    expect(judged([unclear, read('ok', 8000), read('fail', 9000, 404)], []).verdict).toBe('false');
  });

  it('does not blame the system for a bad request, or for a client cut off at the end', () => {
    expect(judged([read('fail', 15_000, 400)], [redisDown]).verdict).toBe('true');
    expect(judged([read('ok', 15_000), read('fail', 59_990, 0)], [redisDown]).verdict).toBe('true');
    expect(judged([read('ok', 15_000), read('fail', 30_000, 0)], [redisDown]).verdict).toBe('false');
  });

  it('counts a read to a fault when they touch, at either end', () => {
    const during = (startedMs: number) => judged([read('ok', startedMs)], [redisDown]).verdict;
    expect([during(9949), during(9950), during(20_000), during(20_001)]).toEqual([
      'unknown',
      'true',
      'true',
      'unknown',
    ]);
    const mongo = fault('mongo-down', [10_000, 20_000]);
    const failing = (startedMs: number) =>
      judged([read('ok', 1000), read('fail', startedMs)], [mongo]).verdict;
    expect([failing(9949), failing(9950), failing(30_000), failing(30_001)]).toEqual([
      'false',
      'true',
      'true',
      'false',
    ]);
  });

  it('judges by the status, from 500 on, and until the end of the load', () => {
    expect(judged([read('fail', 30_000, 500)], []).verdict).toBe('false');
    expect(judged([read('fail', 30_000, 400)], []).verdict).toBe('true');
    for (const status of [401, 403, 404, 409, 429])
      expect(judged([read('fail', 30_000, status)], []).verdict).toBe('false');
    expect(judged([read('fail', 59_949, 0)], []).verdict).toBe('false');
    expect(judged([read('fail', 59_950, 0)], []).verdict).toBe('true');
  });

  it('accuses also when the system did not reach rest', () => {
    const unrest = evidence({ quiescedMs: null, database: { generals: [general(1)] } });
    expect(readsServed.check([read('fail', 30_000)], unrest).verdict).toBe('false');
    expect(readsServed.check([read('ok', 30_000)], unrest)).toMatchObject({
      verdict: 'true',
      reason: '1 reads were served',
    });
  });

  it('knows nothing without a read during the Redis fault, or without any', () => {
    expect(judged([read('ok', 5000)], [redisDown])).toMatchObject({
      verdict: 'unknown',
      reason: 'no read was made during redis-down',
    });
    expect(judged([], []).reason).toBe('no read was made while MongoDB and the processes were well');
  });
});
