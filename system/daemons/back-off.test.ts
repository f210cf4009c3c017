import { describe, expect, it } from 'vitest';
import { SystemError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { BackOff } from './back-off.ts';

const damaged = new SystemError('document_damaged', 'a general');
const away = new SystemError('database_unavailable', 'away');

function scene() {
  const clock = new ManualClock();
  const backOff = new BackOff({ clock, random: seededRandom('back-off'), firstMs: 250, maxMs: 60_000 });
  return { clock, backOff };
}

/** How often work is tried within `forMs` that fails each time with `error`. */
async function triesWithin(forMs: number, error: unknown): Promise<number> {
  const { clock, backOff } = scene();
  let tries = 0;
  for (let passedMs = 0; passedMs < forMs; passedMs += 50) {
    if (!backOff.resting().includes('w')) {
      tries += 1;
      backOff.failed('w', error);
    }
    await clock.advance(50);
  }
  return tries;
}

describe('BackOff', () => {
  it('lets work that fails by itself be tried less and less often', async () => {
    expect(await triesWithin(600_000, damaged)).toBeLessThan(25);
    const wrapped = new SystemError('turn_incomplete', 'a turn', { cause: damaged });
    expect(await triesWithin(600_000, wrapped)).toBeLessThan(25);
    expect(await triesWithin(600_000, new TypeError('a bug'))).toBeLessThan(25);
  });

  it('lets work that failed in an outage be tried each second', async () => {
    const wrapped = new SystemError('turn_incomplete', 'a turn', { cause: away });
    for (const error of [away, wrapped]) {
      expect(await triesWithin(60_000, error)).toBeGreaterThan(55);
      expect(await triesWithin(60_000, error)).toBeLessThan(90);
    }
  });

  it('forgets the failures of work that succeeded', async () => {
    const { clock, backOff } = scene();
    for (let time = 0; time < 8; time += 1) backOff.failed('w', damaged);
    backOff.succeeded('w');
    expect(backOff.resting()).toEqual([]);
    backOff.failed('w', damaged);
    await clock.advance(300);
    expect(backOff.resting()).toEqual([]);
  });

  it('delays only the work that failed, and forgets work that is no longer due', async () => {
    const { clock, backOff } = scene();
    backOff.failed('w', damaged);
    expect(backOff.resting()).toEqual(['w']);
    await clock.advance(61_000);
    expect(backOff.resting()).toEqual([]);
    expect(backOff.failed('w', damaged)).toBeLessThanOrEqual(250);
  });
});
