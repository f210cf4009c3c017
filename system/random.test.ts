import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';

describe('seededRandom', () => {
  it('gives the same draws for the same seed and others for another', () => {
    const draws = (seed: string) => Array.from({ length: 20 }, seededRandom(seed).next);
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
  });

  it('draws integers from the whole range and nothing outside it', () => {
    const random = seededRandom('dice');
    const drawn = new Set(Array.from({ length: 1_000 }, () => random.integer(1, 6)));
    expect([...drawn].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const early = seededRandom('x');
    const late = seededRandom('x');
    late.next();
    expect(early.fork('cities').next()).toBe(late.fork('cities').next());
    expect(early.fork('cities').next()).not.toBe(early.fork('nations').next());
  });

  it('draws well-formed version 4 UUIDs', () => {
    expect(seededRandom('u').uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
