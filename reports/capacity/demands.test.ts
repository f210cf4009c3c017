import { describe, expect, it } from 'vitest';
import { fitDemands } from './demands.ts';

describe('what a request costs', () => {
  it('is separated from what is spent without any', () => {
    const steps = [100, 200, 400].map((rate) => ({
      throughputPerSecond: rate,
      busy: { api: 0.05 + rate * 0.001, redis: rate * 0.0001 },
    }));
    const [api, redis] = fitDemands(steps);
    expect(api).toMatchObject({
      process: 'api',
      secondsPerRequest: expect.closeTo(0.001, 9),
      idleShare: expect.closeTo(0.05, 9),
    });
    expect(redis).toMatchObject({
      secondsPerRequest: expect.closeTo(0.0001, 9),
      idleShare: expect.closeTo(0, 9),
    });
  });

  it('is never negative, and from a single rate the quotient', () => {
    const falling = [100, 200].map((rate) => ({ throughputPerSecond: rate, busy: { api: 1 - rate / 1000 } }));
    expect(fitDemands(falling)[0]).toMatchObject({ secondsPerRequest: 0 });
    const above = [100, 200].map((rate) => ({
      throughputPerSecond: rate,
      busy: { api: (rate / 100) ** 2 / 10 },
    }));
    expect(fitDemands(above)[0]).toMatchObject({ idleShare: 0 });
    expect(fitDemands([{ throughputPerSecond: 100, busy: { api: 0.2 } }])[0]).toMatchObject({
      secondsPerRequest: 0.002,
    });
    expect(fitDemands([])).toEqual([]);
  });
});
