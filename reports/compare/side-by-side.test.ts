import { describe, expect, it } from 'vitest';
import { syntheticCell } from '../testing/synthetic-report.ts';
import { renderSideBySide } from './side-by-side-text.ts';
import { compareSideBySide, pairsMin, type Pair } from './side-by-side.ts';

/** The machine becomes slower all the time, by a third in the end, and the version after by so much more. */
function pairsOf(count: number, slower: number, fault = 'none'): Pair[] {
  const cellOf = (run: number, slowdown: number, seed: string) =>
    syntheticCell({
      scenario: 'reads',
      fault,
      seconds: fault === 'none' ? 6 : 24,
      ratePerSecond: 80,
      seed,
      slowdown: slowdown * (1 + run / (6 * count)),
    }).cell;
  return Array.from({ length: count }, (_, index) => {
    // Which of them comes first changes from pair to pair.
    const [first, second] = index % 2 === 0 ? [0, 1] : [1, 0];
    return {
      before: cellOf(2 * index + first, 1, `before-${index}`),
      after: cellOf(2 * index + second, slower, `after-${index}`),
    };
  });
}

const outcomes = (pairs: readonly Pair[]) => compareSideBySide(pairs).map(({ outcome }) => outcome);

describe('two versions side by side', () => {
  it('are the same when only the machine differs between their runs', () => {
    expect(outcomes(pairsOf(12, 1))).toEqual(['same', 'same']);
  });

  it('differ when one of them is slower by 15 %, whichever it is', () => {
    const slower = compareSideBySide(pairsOf(12, 1.15));
    expect(slower.map(({ outcome }) => outcome)).toContain('slower');
    for (const { ratio, interval, beforeMs, afterMs } of slower) {
      expect(ratio).toBeCloseTo(afterMs / beforeMs, 6);
      expect(interval[0]).toBeLessThan(1.15);
      expect(interval[1]).toBeGreaterThan(1.15);
    }
    const turned = pairsOf(12, 1.15).map(({ before, after }) => ({ before: after, after: before }));
    expect(outcomes(turned)).toContain('faster');
    expect(outcomes(turned)).not.toContain('slower');
  });

  it('are the same when they differ for certain, and by less than counts', () => {
    const certain = compareSideBySide(pairsOf(12, 1.3), {
      falseAlarms: 0.01,
      effectMin: 0.5,
      operationsMin: 50,
    });
    expect(certain.map(({ outcome }) => outcome)).toEqual(['same', 'same']);
    expect(certain.every(({ interval: [low], finds }) => low > 1 && finds > 1.5)).toBe(true);
  });

  it('are compared phase by phase, where every run has enough operations', () => {
    const phases = compareSideBySide(pairsOf(pairsMin, 1, 'redis-down')).map(({ phase }) => phase);
    expect(phases).toEqual(['baseline', 'baseline', 'fault', 'fault', 'recovery', 'recovery']);
    const [first, ...others] = pairsOf(pairsMin, 1);
    const few = syntheticCell({ scenario: 'reads', fault: 'none', seconds: 6, ratePerSecond: 5 }).cell;
    expect(first && compareSideBySide([{ ...first, after: few }, ...others])).toEqual([]);
  });

  it('are not compared by too few pairs', () => {
    expect(compareSideBySide(pairsOf(pairsMin - 1, 2))).toEqual([]);
  });

  it('say in words what became slower, and otherwise what would have been found', () => {
    const textOf = (pairs: readonly Pair[]) =>
      renderSideBySide(
        { cell: 'reads × none', before: 'abc', after: 'def', pairs },
        compareSideBySide(pairs),
      );
    expect(textOf(pairsOf(12, 1.3))).toMatch(
      /Slower: typical latency in the baseline went from [\d.]+ ms to/,
    );
    expect(textOf(pairsOf(12, 1))).toMatch(/No difference beyond chance\. A slow-down by [\d.]+ % would/);
    expect(textOf(pairsOf(2, 1))).toContain('Too few pairs');
  });
});
