/**
 * What one turn does to each entity: pure, whole numbers, nothing negative. A turn makes no gold, so that the gold of a
 * world stays countable.
 */
import type { City } from '../models/city.ts';
import { neutralNation } from '../models/city.ts';
import type { General } from '../models/general.ts';
import type { Nation } from '../models/nation.ts';

export function advanceGeneral(general: General, turn: number): General {
  return {
    ...general,
    experience: general.experience + 1 + general.officer_level,
    rice: Math.max(0, general.rice - 1),
    turns_lived: general.turns_lived + 1,
    last_turn: turn,
  };
}

const growthPerMille = 5;

/** An owned city grows faster than a neutral one. */
export function advanceCity(city: City, turn: number): City {
  const perMille = city.nation === neutralNation ? 1 : growthPerMille;
  return {
    ...city,
    population: city.population + Math.floor((city.population * perMille) / 1000),
    agriculture: city.agriculture + (city.nation === neutralNation ? 0 : 1),
    commerce: city.commerce + (city.nation === neutralNation ? 0 : 1),
    turns_lived: city.turns_lived + 1,
    last_turn: turn,
  };
}

const ricePerCity = 10;

export function advanceNation(nation: Nation, turn: number): Nation {
  return {
    ...nation,
    rice: nation.rice + nation.city_count * ricePerCity,
    turns_lived: nation.turns_lived + 1,
    last_turn: turn,
  };
}
