import { describe, expect, it } from 'vitest';
import { progress } from './i17-progress.ts';
import { evidence, fault, operation } from './testing/literal.ts';

const watched = { startedMs: 60_000, endedMs: 75_000, undone: [], processes: ['api-1'] };
const undone = [{ what: 'the next turn of s1', overdueMs: 16_000 }];
/** The serving process had no processor for most of the time after the load. */
const processorWaits = [{ fromMs: 60_000, toMs: 80_000, waitedMs: { 'api-1': 15_000 }, idleMs: {} }];

describe('what is due', () => {
  it('is done by itself', () => {
    expect(progress.check([], evidence({ watched }))).toMatchObject({ verdict: 'true' });
    expect(progress.check([], evidence({ watched: { ...watched, undone } }))).toMatchObject({
      verdict: 'false',
      reason: expect.stringContaining('the next turn of s1') as string,
    });
  });

  it('may wait for a processor', () => {
    const starved = evidence({ watched: { ...watched, undone }, processorWaits });
    expect(progress.check([], starved)).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('starved') as string,
    });
  });

  it('is not known where it was not watched', () => {
    expect(progress.check([], evidence()).verdict).toBe('unknown');
  });
});

describe('a system that does not reach rest', () => {
  const unrest = { quiescedMs: null, quiesceReason: 'the sync queue is not empty' };

  it('is violated when it was watched, and had processors', () => {
    expect(progress.check([], evidence({ ...unrest, watched })).verdict).toBe('false');
    expect(progress.check([], evidence({ ...unrest, watched, processorWaits })).verdict).toBe('unknown');
    expect(progress.check([], evidence(unrest)).verdict).toBe('unknown');
  });
});

describe('an entity that had failed', () => {
  const faults = [fault('mongo-restart', [1_000, 2_000])];
  const acted = (process: number, no: number, served: boolean, at: number) =>
    operation(process, 'train', served ? 'ok' : 'fail', { no, amount: 1, version: at, actionCount: at }, [
      at,
      at + 100,
    ]);
  const others = Array.from({ length: 40 }, (_, index) => acted(index, 2, true, 20_000 + index * 10));
  const after = (served: boolean, count = 5) =>
    Array.from({ length: count }, (_, index) => acted(100 + index, 1, served, 20_000 + index * 10));
  const failed = acted(99, 1, false, 1_500);

  it('is served again when others are', () => {
    const blocked = progress.check([failed, ...after(false), ...others], evidence({ watched, faults }));
    expect(blocked).toMatchObject({
      verdict: 'false',
      reason: expect.stringContaining('general 1') as string,
    });
  });

  it.each([
    ['it is served', [failed, ...after(true), ...others]],
    ['it is hardly asked for', [failed, ...after(false, 3), ...others]],
    [
      'others are not served either',
      [failed, ...after(false), ...others.map((one) => ({ ...one, value: { ...one.value, status: 503 } }))],
    ],
    ['it had not failed before', [...others, ...after(true)]],
  ])('is not accused when %s', (_what, history) => {
    expect(progress.check(history, evidence({ watched, faults })).verdict).toBe('true');
  });
});
