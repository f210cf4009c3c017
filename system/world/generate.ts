/** Draws a world from a seed: the same seed and sizes give the same nations, cities and generals. Pure. */
import { type City, neutralNation } from '../models/city.ts';
import type { General } from '../models/general.ts';
import type { Battle } from '../models/battle.ts';
import type { Item } from '../models/item.ts';
import type { Nation } from '../models/nation.ts';
import type { Relation } from '../models/relation.ts';
import type { Session } from '../models/session.ts';
import { seededRandom, type SeededRandom } from '../random.ts';
import { cityNames, familyNames, givenNames, itemNames, nationNames } from './names.ts';

export interface WorldPlan {
  readonly sessionId: string;
  readonly seed: string;
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
  readonly turnPeriodMs: number;
  /** Items, battles and pairs of nations that begin as allies or enemies; none when absent. */
  readonly items?: number;
  readonly battles?: number;
  readonly relations?: number;
  /** Time until the battles end by themselves. */
  readonly battleDurationMs?: number;
  /** Wall clock of the making; the first turn is due one period later. */
  readonly nowMs: number;
}

export interface World {
  readonly session: Session;
  readonly nations: readonly Nation[];
  readonly cities: readonly City[];
  readonly generals: readonly General[];
  readonly items: readonly Item[];
  readonly battles: readonly Battle[];
  readonly relations: readonly Relation[];
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
  };
}

function common(plan: WorldPlan, id: string, random: SeededRandom) {
  return {
    _id: id,
    session_id: plan.sessionId,
    version: 1,
    write_id: random.uuid(),
    updated_at: new Date(plan.nowMs),
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
      last_action: null,
      last_action_at: null,
    };
  });
}

function drawItems(plan: WorldPlan, random: SeededRandom): readonly Item[] {
  return numbers(plan.items ?? 0).map((item) => ({
    ...common(plan, `${plan.sessionId}:i${item}`, random),
    item,
    name: repeatedName(itemNames, item),
    owner: random.integer(1, plan.generals),
    auction: null,
  }));
}

const battleDurationMs = 60_000;

/** Each is fought by a general of a nation for a city that is not his nation's. */
function drawBattles(
  plan: WorldPlan,
  random: SeededRandom,
  cities: readonly City[],
  generals: readonly General[],
): readonly Battle[] {
  const attackers = generals.filter((general) => general.nation !== neutralNation);
  return numbers(plan.battles ?? 0).flatMap((number) => {
    const attacker = attackers[random.integer(0, attackers.length - 1)];
    const targets = cities.filter((city) => city.nation !== attacker?.nation);
    const target = targets[random.integer(0, targets.length - 1)];
    if (attacker === undefined || target === undefined) return [];
    const soldiers = () => random.integer(1_000, 10_000);
    return [
      {
        ...common(plan, `${plan.sessionId}:b${number}`, random),
        battle: String(number),
        city: target.city,
        attacker: attacker.no,
        units: [
          { side: 'attacker' as const, general: attacker.no, soldiers: soldiers() },
          { side: 'defender' as const, general: random.integer(1, plan.generals), soldiers: soldiers() },
        ],
        status: 'running' as const,
        ends_at: new Date(plan.nowMs + (plan.battleDurationMs ?? battleDurationMs)),
        winner: null,
        destroyed_nation: null,
      },
    ];
  });
}

/** Both directions of each relation. */
function drawRelations(plan: WorldPlan, random: SeededRandom): readonly Relation[] {
  const pairs = numbers(plan.nations).flatMap((from) =>
    numbers(plan.nations)
      .filter((to) => to > from)
      .map((to) => [from, to] as const),
  );
  const wanted = Math.min(plan.relations ?? 0, pairs.length);
  return numbers(wanted).flatMap(() => {
    const [pair] = pairs.splice(random.integer(0, pairs.length - 1), 1);
    if (pair === undefined) return [];
    const state = random.pick(['alliance', 'war'] as const);
    const [low, high] = pair;
    return [relation(plan, random, low, high, state), relation(plan, random, high, low, state)];
  });
}

function relation(
  plan: WorldPlan,
  random: SeededRandom,
  from: number,
  to: number,
  state: Relation['state'],
): Relation {
  return { ...common(plan, `${plan.sessionId}:d${from}-${to}`, random), from, to, state };
}

function withAllies(nations: readonly Nation[], relations: readonly Relation[]): readonly Nation[] {
  return nations.map((nation) => {
    const allied = relations.filter(({ from, state }) => from === nation.nation && state === 'alliance');
    return { ...nation, allies: allied.map(({ to }) => to).toSorted((a, b) => a - b) };
  });
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Names in their order; from the second round on with the round's number. */
function repeatedName(names: readonly string[], number: number): string {
  const round = Math.floor((number - 1) / names.length);
  const name = names[(number - 1) % names.length] ?? '';
  return round === 0 ? name : `${name} ${round + 1}`;
}
