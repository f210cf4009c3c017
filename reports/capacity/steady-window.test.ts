import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { relativeHalfWidth, steadyFrom } from './steady-window.ts';

const noisy = (length: number, level: (index: number) => number, seed = 'noise') => {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, index) => level(index) + random.next() - 0.5);
};

describe('the beginning of the steady window', () => {
  it('is where warming up ends', () => {
    const { from, steady } = steadyFrom(noisy(200, (index) => (index < 40 ? index / 4 : 10)));
    expect(steady).toBe(true);
    expect(from).toBeGreaterThanOrEqual(35);
    expect(from).toBeLessThanOrEqual(60);
  });

  it('is the first observation of a series that was steady all the time, or near it', () => {
    const cuts = Array.from({ length: 50 }, (_, index) => steadyFrom(noisy(200, () => 10, `seed-${index}`)));
    expect(cuts.filter(({ from }) => from <= 50).length).toBeGreaterThan(35);
  });

  it('is nowhere in a series that grows to its end, nor in a short one', () => {
    expect(steadyFrom(noisy(200, (index) => index)).steady).toBe(false);
    expect(steadyFrom(noisy(30, () => 10)).steady).toBe(false);
  });
});

describe('how well the mean is known', () => {
  it('gets better with length and worse with noise', () => {
    const short = relativeHalfWidth(noisy(80, () => 2));
    const long = relativeHalfWidth(noisy(8_000, () => 2));
    expect(long).toBeLessThan(short);
    expect(relativeHalfWidth(noisy(80, () => 0.5))).toBeGreaterThan(short);
  });

  it('is nothing for too little or a mean of zero', () => {
    expect(relativeHalfWidth([1, 2, 3])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeHalfWidth(Array.from({ length: 100 }, () => 0))).toBe(Number.POSITIVE_INFINITY);
  });
});
