/** Draws a world from a seed: the same seed and sizes give the same nations, cities and generals. Pure. */
import { type City, neutralNation } from '../models/city.ts';
import type { General } from '../models/general.ts';
import type { Battle } from '../models/battle.ts';
import type { Item } from '../models/item.ts';
import type { Nation } from '../models/nation.ts';
import type { Relation } from '../models/relation.ts';
import type { Session } from '../models/session.ts';
import type { Tournament } from '../models/tournament.ts';
import { seededRandom, type SeededRandom } from '../random.ts';
import { drawBattles, drawItems, drawRelations, drawTournaments, withAllies } from './draw-contests.ts';
import { cityNames, familyNames, givenNames, nationNames } from './names.ts';
import { common, numbers, repeatedName, type WorldPlan } from './plan.ts';

export interface World {
  readonly session: Session;
  readonly nations: readonly Nation[];
  readonly cities: readonly City[];
  readonly generals: readonly General[];
  readonly items: readonly Item[];
  readonly battles: readonly Battle[];
  readonly relations: readonly Relation[];
  readonly tournaments: readonly Tournament[];
}

/** Every nation owns a city at least, as long as there are as many; about one city in eight is neutral. */
export function generateWorld(plan: WorldPlan): World {
  const random = seededRandom(plan.seed);
  const cities = drawCities(plan, random.fork('cities'));
  const nations = drawNations(plan, random.fork('nations'), cities);
  const generals = drawGenerals(plan, random.fork('generals'), cities);
  const relations = drawRelations(plan, random.fork('relations'));
  return {
    session: makeSession(plan, random),
    nations: withAllies(nations, relations),
    cities,
    generals,
    items: drawItems(plan, random.fork('items')),
    battles: drawBattles(plan, random.fork('battles'), cities, generals),
    relations,
    tournaments: drawTournaments(plan, random.fork('tournaments')),
  };
}

const unturned = { turns_lived: 0, last_turn: 0, turn_fence: 0 };

function makeSession(plan: WorldPlan, random: SeededRandom): Session {
  return {
    ...common(plan, plan.sessionId, random),
    name: `World of ${plan.seed}`,
    seed: plan.seed,
    turn: 0,
    turn_started: null,
    turn_fence: 0,
    turn_period_ms: plan.turnPeriodMs,
    next_turn_at: new Date(plan.nowMs + plan.turnPeriodMs),
  };
}

function drawCities(plan: WorldPlan, random: SeededRandom): readonly City[] {
  return numbers(plan.cities).map((city) => {
    const drawn = random.next() < 1 / 8 ? neutralNation : random.integer(1, plan.nations);
    return {
      ...common(plan, `${plan.sessionId}:c${city}`, random),
      city,
      name: repeatedName(cityNames, city),
      nation: city <= plan.nations ? city : drawn,
      occupied_at: null,
      population: random.integer(10_000, 200_000),
      agriculture: random.integer(100, 1_000),
      commerce: random.integer(100, 1_000),
      ...unturned,
    };
  });
}

function drawNations(plan: WorldPlan, random: SeededRandom, cities: readonly City[]): readonly Nation[] {
  return numbers(plan.nations).map((nation) => ({
    ...common(plan, `${plan.sessionId}:n${nation}`, random),
    nation,
    name: repeatedName(nationNames, nation),
    status: 'active',
    destroyed_at: null,
    city_count: cities.filter((city) => city.nation === nation).length,
    gold: random.integer(10_000, 100_000),
    rice: random.integer(10_000, 100_000),
    population: random.integer(50_000, 500_000),
    allies: [],
    ...unturned,
  }));
}

function drawGenerals(plan: WorldPlan, random: SeededRandom, cities: readonly City[]): readonly General[] {
  return numbers(plan.generals).map((no) => {
    const home = cities[random.integer(0, cities.length - 1)];
    const id = `${plan.sessionId}:g${no}`;
    return {
      ...common(plan, id, random),
      general_id: id,
      no,
      name: `${random.pick(familyNames)} ${random.pick(givenNames)}`,
      nation: home?.nation ?? neutralNation,
      city: home?.city ?? 0,
      officer_level: random.integer(0, 12),
      gold: random.integer(500, 5_000),
      rice: random.integer(500, 5_000),
      experience: random.integer(0, 1_000),
      ...unturned,
      action_count: 0,
      orders: {},
      recent_keys: [],
      rewards: [],
      last_action: null,
      last_action_at: null,
    };
  });
}
