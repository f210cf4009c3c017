/**
 * A small world that keeps every invariant, for tests of the checkers: whatever histories it produces, nobody may be accused. It is written
 * from the specification, not from the system, and changes one operation at a time.
 */
import type { Random } from '../../../reports/statistics/random.ts';

export const session = 's1';

export interface General {
  _id: string;
  session_id: string;
  no: number;
  name: string;
  nation: number;
  officer_level: number;
  gold: number;
  rice: number;
  experience: number;
  version: number;
  turns_lived: number;
  last_turn: number;
  action_count: number;
  orders: Record<string, string>;
  rewards: string[];
}

export interface City {
  _id: string;
  session_id: string;
  city: number;
  name: string;
  nation: number;
  population: number;
  agriculture: number;
  version: number;
  turns_lived: number;
  last_turn: number;
}

export interface Nation {
  _id: string;
  session_id: string;
  nation: number;
  status: 'active' | 'destroyed';
  destroyed_at: string | null;
  name: string;
  city_count: number;
  gold: number;
  rice: number;
  population: number;
  allies: number[];
  version: number;
  turns_lived: number;
  last_turn: number;
}

export interface Auction {
  _id: string;
  session_id: string;
  auction: string;
  item: number;
  seller: number;
  starting_bid: number;
  closes_at: string;
  status: 'completed' | 'open';
  highest_bid: { bidder: number; amount: number } | null;
  escrow: number;
  settlement: { winner: number | null; price: number; settled_at: string } | null;
}

export interface Item {
  _id: string;
  session_id: string;
  item: number;
  owner: number;
  auction: string | null;
}

export interface Battle {
  _id: string;
  session_id: string;
  battle: string;
  city: number;
  attacker: number;
  status: 'finalised' | 'running';
  winner: 'attacker' | 'defender' | null;
  destroyed_nation: number | null;
  updated_at: string;
}

export interface Relation {
  _id: string;
  session_id: string;
  from: number;
  to: number;
  state: string;
}

export interface Tournament {
  _id: string;
  session_id: string;
  tournament: string;
  round: number;
  reward_per_win: number;
  pool: number;
  participants: { no: number; wins: number; lost_in: number | null }[];
  fence: { round: number; token: number };
  rewards: { key: string; no: number; gold: number; paid: boolean }[];
}

export interface World {
  turn: number;
  sessionVersion: number;
  turnLog: { _id: string; session_id: string; turn: number; token: number }[];
  generals: General[];
  cities: City[];
  nations: Nation[];
  items: Item[];
  auctions: Auction[];
  battles: Battle[];
  relations: Relation[];
  tournaments: Tournament[];
  fences: Fence[];
}

/** The row of a lock: `uses` counts the transactions under it. */
export interface Fence {
  _id: string;
  token: number;
  uses: number;
}

export const rewardGold = 50;
const roundsMax = 4;

export function drawWorld(random: Random): World {
  const nations = numbers(4).map(nationNamed);
  const generals = numbers(12).map((no) => general(no, `seeded ${no}`, 1 + random.below(4), 500, 0));
  const cities = numbers(8).map((city) => ({
    ...identified('c', city),
    city,
    name: `city ${city}`,
    nation: random.below(5),
    population: 5_000 + random.below(5_000),
    agriculture: 100,
    version: 1,
    turns_lived: 0,
    last_turn: 0,
  }));
  for (const nation of nations)
    nation.city_count = cities.filter((city) => city.nation === nation.nation).length;
  return {
    turn: 0,
    sessionVersion: 1,
    turnLog: [],
    generals,
    cities,
    nations,
    items: numbers(6).map((item) => ({
      ...identified('i', item),
      item,
      owner: 1 + random.below(12),
      auction: null,
    })),
    auctions: [],
    battles: numbers(5).map((battle) => ({
      ...identified('b', battle),
      battle: String(battle),
      city: 1 + random.below(8),
      attacker: 1 + random.below(12),
      status: 'running',
      winner: null,
      destroyed_nation: null,
      updated_at: new Date(0).toISOString(),
    })),
    relations: [],
    tournaments: numbers(2).map((tournament) => ({
      ...identified('t', tournament),
      tournament: String(tournament),
      round: 0,
      reward_per_win: rewardGold,
      participants: numbers(12).map((no) => ({ no, wins: 0, lost_in: null })),
      pool: rewardGold * roundsMax,
      fence: { round: 0, token: 0 },
      rewards: [],
    })),
    fences: [],
  };
}

export function general(no: number, name: string, nation: number, gold: number, turn: number): General {
  return {
    ...identified('g', no),
    no,
    name,
    nation,
    officer_level: 1,
    gold,
    rice: 5,
    experience: 0,
    version: 1,
    turns_lived: turn,
    last_turn: turn,
    action_count: 0,
    orders: {},
    rewards: [],
  };
}

function nationNamed(nation: number): Nation {
  return {
    ...identified('n', nation),
    nation,
    status: 'active',
    destroyed_at: null,
    name: `nation ${nation}`,
    city_count: 0,
    gold: 1_000,
    rice: 100,
    population: 1_000,
    allies: [],
    version: 1,
    turns_lived: 0,
    last_turn: 0,
  };
}

export function identified(kind: string, name: number | string): { _id: string; session_id: string } {
  return { _id: `${session}:${kind}${name}`, session_id: session };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
