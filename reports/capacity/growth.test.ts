import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { checkLittle } from './little.ts';
import { fitGrowth } from './growth.ts';

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

  it('refuses too few sizes, too near ones, and costs that are none', () => {
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
  it('holds when count, rate and time agree, and tells by how much they do not', () => {
    expect(checkLittle(1000, 10, 10.5)).toMatchObject({ expected: 10, holds: true });
    const broken = checkLittle(1000, 10, 20);
    expect(broken.holds).toBe(false);
    expect(broken.deviation).toBeCloseTo(1);
  });

  it('does not make much of less than one request under way', () => {
    expect(checkLittle(50, 1, 0.4).holds).toBe(true);
  });
});
