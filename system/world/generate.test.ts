import { describe, expect, it } from 'vitest';
import { entityKinds } from '../models/registry.ts';
import { generateWorld, type WorldPlan } from './generate.ts';

const plan: WorldPlan = {
  sessionId: 's1',
  seed: 'red cliff',
  generals: 300,
  cities: 94,
  nations: 12,
  turnPeriodMs: 60_000,
  nowMs: 1_700_000_000_000,
};

describe('generateWorld', () => {
  const world = generateWorld(plan);

  it('gives the same world for the same seed and another for another', () => {
    expect(generateWorld(plan)).toEqual(world);
    expect(generateWorld({ ...plan, seed: 'other' }).generals).not.toEqual(world.generals);
  });

  it('makes as much as was asked for, all valid', () => {
    expect(world.cities).toHaveLength(94);
    for (const general of world.generals) entityKinds.general.databaseSchema.parse(general);
    for (const city of world.cities) entityKinds.city.databaseSchema.parse(city);
    for (const nation of world.nations) entityKinds.nation.databaseSchema.parse(nation);
    entityKinds.session.databaseSchema.parse(world.session);
  });

  it('gives every nation as many cities as it counts, and one at least', () => {
    for (const nation of world.nations) {
      expect(nation.city_count).toBe(world.cities.filter((city) => city.nation === nation.nation).length);
      expect(nation.city_count).toBeGreaterThan(0);
    }
  });

  it('numbers generals from one and puts each into a city of his nation', () => {
    expect(world.generals.map(({ no }) => no)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    const owners = new Map(world.cities.map((city) => [city.city, city.nation]));
    for (const general of world.generals) expect(owners.get(general.city)).toBe(general.nation);
  });
});
