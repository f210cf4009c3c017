import { describe, expect, it } from 'vitest';
import { battleSchema } from '../models/battle.ts';
import { itemSchema } from '../models/item.ts';
import { entityKinds } from '../models/registry.ts';
import { tournamentSchema } from '../models/tournament.ts';
import { generateWorld } from './generate.ts';
import type { WorldPlan } from './plan.ts';

const plan: WorldPlan = {
  sessionId: 's1',
  seed: 'red cliff',
  generals: 300,
  cities: 94,
  nations: 12,
  turnPeriodMs: 60_000,
  items: 20,
  battles: 10,
  relations: 8,
  tournaments: 2,
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

  it('numbers generals from one and puts each into a city of the same nation', () => {
    expect(world.generals.map(({ no }) => no)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    const owners = new Map(world.cities.map((city) => [city.city, city.nation]));
    for (const general of world.generals) expect(owners.get(general.city)).toBe(general.nation);
  });

  it('draws valid contests, relations in both directions, and allies that agree with them', () => {
    for (const item of world.items) itemSchema.parse(item);
    for (const battle of world.battles) battleSchema.parse(battle);
    for (const tournament of world.tournaments) tournamentSchema.parse(tournament);
    expect([world.items.length, world.battles.length, world.tournaments.length]).toEqual([20, 10, 2]);
    expect(world.relations).toHaveLength(16);
    for (const { from, to, state } of world.relations) {
      expect(world.relations.find((back) => back.from === to && back.to === from)?.state).toBe(state);
      const allied = world.nations.find(({ nation }) => nation === from)?.allies.includes(to);
      expect(allied).toBe(state === 'alliance');
    }
  });
});
