import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { EventQueue } from './event-queue.ts';
import { type Network, simulate } from './simulate.ts';

const single = (seconds: number, instances = 1): Network => ({
  stations: [{ name: 'api', instances }],
  processors: null,
  classes: [{ name: 'all', share: 1, visits: [{ station: 'api', seconds }], waitSeconds: 0 }],
});
const play = (network: Network, ratePerSecond: number, seed = 'play') =>
  simulate(network, { ratePerSecond, requests: 60_000, random: seededRandom(seed) });

describe('the simulation agrees with what theory knows', () => {
  it.each([0.3, 0.6, 0.8])('of one server at a load of %s: the time is s / (1 − ρ)', (load) => {
    const found = play(single(0.001), 1_000 * load);
    expect(found.busy['api']).toBeCloseTo(load, 1);
    const theory = 1 / (1 - load);
    expect(found.meanMs / theory).toBeGreaterThan(0.9);
    expect(found.meanMs / theory).toBeLessThan(1.1);
    // Of an exponential time the 99th percentile is ln 100 means.
    expect(found.latencyMs(99) / (theory * Math.log(100))).toBeGreaterThan(0.85);
    expect(found.latencyMs(99) / (theory * Math.log(100))).toBeLessThan(1.15);
  });

  it('of two stations in a row: their times add up', () => {
    const network: Network = {
      stations: [
        { name: 'api', instances: 1 },
        { name: 'redis', instances: 1 },
      ],
      processors: null,
      classes: [
        {
          name: 'all',
          share: 1,
          visits: [
            { station: 'api', seconds: 0.001 },
            { station: 'redis', seconds: 0.0005 },
          ],
          waitSeconds: 0.002,
        },
      ],
    };
    const theory = 1 / (1 - 0.5) + 0.5 / (1 - 0.25) + 2;
    expect(play(network, 500).meanMs / theory).toBeGreaterThan(0.93);
    expect(play(network, 500).meanMs / theory).toBeLessThan(1.07);
  });

  it('of more arrivals than can be served: what is served is the capacity', () => {
    expect(play(single(0.001), 3_000).throughputPerSecond).toBeLessThan(1_050);
    expect(play(single(0.001, 4), 3_000).throughputPerSecond).toBeGreaterThan(2_900);
  });

  it('of processes that share too few processors: together they have no more than these', () => {
    const shared = { ...single(0.001, 4), processors: 2 };
    const found = play(shared, 3_000);
    expect(found.throughputPerSecond).toBeLessThan(2_100);
    expect(found.throughputPerSecond).toBeGreaterThan(1_850);
  });
});

it('has the same answer to the same seed, and another to another', () => {
  expect(play(single(0.001), 500).meanMs).toBe(play(single(0.001), 500).meanMs);
  expect(play(single(0.001), 500).meanMs).not.toBe(play(single(0.001), 500, 'other').meanMs);
});

it('takes events in the order of time, those of one moment in the order in which they were added', () => {
  const queue = new EventQueue<string>();
  const random = seededRandom('events');
  const times = Array.from({ length: 500 }, () => random.below(50));
  times.forEach((at, index) => queue.add(at, `${at}-${String(index).padStart(3, '0')}`));
  const taken: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) taken.push(next.what);
  const sorted = times
    .map((at, index) => ({ at, index }))
    .toSorted((left, right) => left.at - right.at || left.index - right.index)
    .map(({ at, index }) => `${at}-${String(index).padStart(3, '0')}`);
  expect(taken).toEqual(sorted);
});
