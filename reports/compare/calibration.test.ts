import { describe, expect, it } from 'vitest';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { renderCalibration } from './calibration-text.ts';
import { calibrateSideBySide } from './side-by-side-calibration.ts';
import { calibrate, smallestFound, slowedReport, type CalibrationRun } from './calibration.ts';

/** `scatter`: each run has a factor of its own, up to so much. */
function runsOf(count: number, scatter: number): CalibrationRun[] {
  return Array.from({ length: count }, (_, index) => {
    const slowdown = 1 + (scatter * ((index * 7) % count)) / count;
    const built = syntheticCell({
      scenario: 'turns',
      fault: 'none',
      seconds: 6,
      ratePerSecond: 60,
      seed: `run-${index}`,
      slowdown,
    });
    return { report: syntheticReport([built.cell], { id: `run-${index}` }), history: built.history };
  });
}

const plan = { references: [1, 5, 99], slowdowns: [1, 1.5, 2.5], draws: 4, seed: 'test' };

describe('a calibration', () => {
  const rows = calibrate(runsOf(12, 0), plan);

  it('counts each way of putting runs together, and leaves out references that there are not', () => {
    expect(rows.map(({ references, slowdown }) => [references, slowdown])).toEqual([
      [1, 1],
      [5, 1],
      [1, 1.5],
      [5, 1.5],
      [1, 2.5],
      [5, 2.5],
    ]);
    const [one, five] = rows;
    expect([one?.asUsed.of, one?.apart.of, one?.drawn.of]).toEqual([11, 6, 48]);
    expect([five?.asUsed.of, five?.apart.of, five?.drawn.of]).toEqual([7, 2, 48]);
  });

  it('finds with several references what one does not show, and raises no alarm over the same', () => {
    const shareOf = (references: number, slowdown: number) =>
      rows.find((row) => row.references === references && row.slowdown === slowdown)?.drawn;
    expect(shareOf(1, 1)?.worse).toBe(0);
    expect(shareOf(5, 1)?.worse).toBe(0);
    expect(shareOf(1, 1.5)?.worse).toBe(0);
    expect(shareOf(5, 1.5)).toMatchObject({
      of: 48,
      worse: expect.toSatisfy((worse: number) => worse >= 46),
    });
    expect(smallestFound(rows, 5, 0.95)).toBe(1.5);
    expect(smallestFound(rows, 1, 0.95)).toBeNull();
  });

  it('finds less where runs scatter', () => {
    const scattered = calibrate(runsOf(12, 0.8), plan);
    expect(smallestFound(scattered, 5, 0.95)).not.toBe(1.5);
  });

  it('stretches what was recorded by exactly the factor', () => {
    const [run] = runsOf(1, 0);
    if (run === undefined) throw new Error('there is a run');
    const p50 = run.report.cells[0]?.phases[0]?.latencyMs.p50 ?? 0;
    const slowed = slowedReport(run, 1.15).cells[0]?.phases[0]?.latencyMs.p50 ?? 0;
    expect(slowed / p50).toBeCloseTo(1.15, 2);
  });

  it('says what it found, and what of it is independent', () => {
    const text = renderCalibration(
      { cell: 'turns × none', runs: 12, scatter: [{ figure: 'p50', deviation: 0.031 }] },
      rows,
      [],
    );
    expect(text).toContain('p50 3.1 %');
    expect(text).not.toContain('Side by side');
    expect(text).toMatch(
      /With 5 references: false positives 0\.0 % \(independent: 0 of 2, at most 78 %\); smallest slow-down found in 95 %: 50 %/,
    );
  });
});

describe('a calibration of comparisons side by side', () => {
  const rows = calibrateSideBySide(runsOf(14, 0.2), { pairs: [4, 6, 99], slowdowns: [1, 1.5] });

  it('counts comparisons apart and moving, and leaves out numbers of pairs for which there are too few runs', () => {
    expect(rows.map(({ pairs, slowdown }) => [pairs, slowdown])).toEqual([
      [4, 1],
      [6, 1],
      [4, 1.5],
      [6, 1.5],
    ]);
    expect(rows.map(({ apart, moving }) => [apart.of, moving.of])).toEqual([
      [1, 14],
      [1, 6],
      [1, 14],
      [1, 6],
    ]);
  });

  it('raises no alarm over the same, and finds what is slower', () => {
    expect(rows.filter(({ slowdown }) => slowdown === 1).map(({ moving }) => moving.worse)).toEqual([0, 0]);
    expect(rows.at(-1)).toMatchObject({ apart: { worse: 1 }, moving: { worse: 6 } });
  });

  it('reports how often it called identical code slower, and what it found', () => {
    const text = renderCalibration({ cell: 'turns × none', runs: 14, scatter: [] }, [], rows);
    expect(text).toMatch(/With 6 pairs: false positives 0\.0 % .*; smallest slow-down found in 95 %: 50 %/);
  });
});
