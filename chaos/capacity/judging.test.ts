import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import type { GeneratorProof } from './load/job.ts';
import { limitOfGenerator } from './measure-step.ts';
import { drained, recoveredAfterMs } from './recovery.ts';
import { levelsBetween, shuffled } from './search.ts';

const slo = { percentile: 99, latencyMs: 100, errorShare: 0 };

/** A request every 10 ms; those sent before `slowUntilMs` take a second. */
function samples(slowUntilMs: number, failedAtMs: readonly number[] = []) {
  const intendedMs = Float64Array.from({ length: 400 }, (_, index) => 10 * index);
  return {
    intendedMs,
    startedMs: intendedMs,
    endedMs: intendedMs.map((at) => at + (at < slowUntilMs ? 1_000 : 5)),
    status: Uint16Array.from(intendedMs, (at) => (failedAtMs.includes(at) ? 503 : 200)),
  };
}

describe('recovery', () => {
  it('is counted from healing to the first quarter of a second from which on the objective is met', () => {
    expect(recoveredAfterMs({ samples: samples(2_600), sendingMs: 4_000 }, 2_000, slo)).toBe(750);
    expect(recoveredAfterMs({ samples: samples(1_000), sendingMs: 4_000 }, 2_000, slo)).toBe(0);
  });

  it('is not over while a request fails, and is null when the end is bad', () => {
    expect(recoveredAfterMs({ samples: samples(0, [3_000]), sendingMs: 4_000 }, 2_000, slo)).toBe(1_250);
    expect(recoveredAfterMs({ samples: samples(9_000), sendingMs: 4_000 }, 2_000, slo)).toBeNull();
  });
});

describe('draining', () => {
  const reading = (atMs: number, length: number | null) => ({ atMs, backlog: { length, oldestAgeMs: null } });

  it('is counted from resuming until the backlog is nearly empty', () => {
    const readings = [
      reading(0, 1),
      reading(500, 80),
      reading(1_000, 160),
      reading(1_200, 90),
      reading(1_400, 2),
    ];
    expect(drained(readings, 1_000)).toEqual({ backlog: 160, drainMs: 400 });
  });

  it('is null when it was not observed, and without a backlog', () => {
    expect(drained([reading(0, 10), reading(1_000, 200)], 500).drainMs).toBeNull();
    expect(drained([reading(0, null)], 0)).toEqual({ backlog: 0, drainMs: null });
  });
});

describe('the proof of the generator', () => {
  const proof = (part: Partial<GeneratorProof>) => ({
    cpuShare: 0.3,
    loopShare: 0.3,
    loopDelayMsP99: 2,
    ...part,
  });

  it('discards a step in which it was busy, or late by a large part of what it measured, and says so', () => {
    expect(limitOfGenerator(proof({}), 10)).toBeNull();
    expect(limitOfGenerator(proof({ loopShare: 0.95 }), 10)).toContain('busy 95 %');
    expect(limitOfGenerator(proof({ loopDelayMsP99: 60 }), 100)).toContain('60 ms late');
    expect(limitOfGenerator(proof({ loopDelayMsP99: 60 }), 1_000)).toBeNull();
  });
});

it('spaces levels evenly on a logarithmic axis, both ends included', () => {
  expect(levelsBetween(100, 1_600, 5)).toEqual([100, 200, 400, 800, 1_600]);
});

it('shuffles by the seed, and loses nothing', () => {
  const items = Array.from({ length: 30 }, (_, index) => index);
  const once = shuffled(items, seededRandom('a'));
  expect(once).toEqual(shuffled(items, seededRandom('a')));
  expect(once).not.toEqual(shuffled(items, seededRandom('b')));
  expect(once.toSorted((left, right) => left - right)).toEqual(items);
});
