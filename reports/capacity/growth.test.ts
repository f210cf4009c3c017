import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { describeFit, fitGrowth } from './growth.ts';
import { checkLittle } from './step.ts';

const sizes = [100, 200, 400, 800];

function points(exponent: number, noise = 0.02, fixed = 0) {
  const random = seededRandom(`growth-${exponent}`);
  return sizes.flatMap((size) =>
    [1, 2].map(() => ({
      size,
      cost: (fixed + size ** exponent) * Math.exp(noise * (random.next() * 2 - 1)),
    })),
  );
}

describe('the exponent of growth', () => {
  it('is found, with an interval around it', () => {
    expect(fitGrowth(points(1.5, 0))).toMatchObject({ exponent: expect.closeTo(1.5, 6) });
    const fit = fitGrowth(points(1));
    if (!fit.fitted) throw new Error(fit.reason);
    expect(fit.low).toBeLessThan(fit.exponent);
    expect(fit.high).toBeGreaterThan(fit.exponent);
    expect(fit.high - fit.low).toBeLessThan(0.1);
  });

  it('names the quadratic as worse than linear, and nothing linear', () => {
    expect(fitGrowth(points(2))).toMatchObject({ verdict: 'worse-than-linear' });
    expect(fitGrowth(points(1))).toMatchObject({ verdict: 'linear' });
    expect(fitGrowth(points(0.3))).toMatchObject({ verdict: 'better-than-linear' });
  });

  it('is called linear only when the whole interval is near 1, however the interval lies around it', () => {
    /** Three sizes with two costs each, so far apart that the interval of the exponent has about the given width. */
    const scattered = (exponent: number, scatter: number) =>
      fitGrowth(
        [1, 2, 3].flatMap((size) =>
          [-scatter, scatter].map((off) => ({ size, cost: size ** exponent * Math.exp(off) })),
        ),
      );
    const widths = [0.02, 0.1, 0.15, 0.2, 0.21, 0.4].map((scatter) => {
      const fit = scattered(1, scatter);
      if (!fit.fitted) throw new Error(fit.reason);
      return { width: fit.high - fit.low, verdict: fit.verdict };
    });
    expect(widths.filter(({ width }) => width <= 0.5).map(({ verdict }) => verdict)).toEqual(['linear']);
    const wide = widths.filter(({ width }) => width > 0.5);
    expect(wide.map(({ verdict }) => verdict)).toEqual(wide.map(() => 'undecided'));
    expect(wide.some(({ width }) => width < 1.5)).toBe(true);
    expect(scattered(1.2, 0.07)).toMatchObject({ verdict: 'undecided' });
    expect(describeFit(scattered(1, 0.2))).toContain('undecided: the interval is too wide');
    // Even a wide interval decides when 1 is far outside of it.
    expect(scattered(3, 0.2)).toMatchObject({ verdict: 'worse-than-linear' });
    expect(scattered(-1, 0.2)).toMatchObject({ verdict: 'better-than-linear' });
  });

  it('holds the true exponent in at least 90 % of 200 trials', () => {
    let inside = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const random = seededRandom(`trial-${trial}`);
      const normal = () =>
        Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      const fit = fitGrowth(sizes.map((size) => ({ size, cost: size ** 1.2 * Math.exp(0.05 * normal()) })));
      if (fit.fitted && fit.low <= 1.2 && 1.2 <= fit.high) inside += 1;
    }
    expect(inside).toBeGreaterThanOrEqual(180);
  });

  it('looks at the largest sizes alone, where a fixed cost no longer hides the growth', () => {
    const fit = fitGrowth(points(2, 0, 200_000));
    if (!fit.fitted) throw new Error(fit.reason);
    expect(fit.exponentAtTop).toBeGreaterThan(fit.exponent + 0.3);
  });

  it('refuses too few sizes, sizes too close together, and costs of 0', () => {
    expect(
      fitGrowth([
        { size: 1, cost: 1 },
        { size: 4, cost: 4 },
      ]),
    ).toMatchObject({ fitted: false });
    expect(fitGrowth([10, 11, 12].map((size) => ({ size, cost: size })))).toMatchObject({ fitted: false });
    expect(fitGrowth(sizes.map((size) => ({ size, cost: 0 })))).toMatchObject({ fitted: false });
  });
});

describe('Little’s law as a check', () => {
  it('holds when count, rate and time agree, and says by how much they do not', () => {
    expect(checkLittle(1000, 10, 10.5)).toMatchObject({ expected: 10, holds: true });
    const broken = checkLittle(1000, 10, 20);
    expect(broken.holds).toBe(false);
    expect(broken.deviation).toBeCloseTo(1);
  });

  it('ignores a deviation of less than one request under way', () => {
    expect(checkLittle(50, 1, 0.4).holds).toBe(true);
  });
});
